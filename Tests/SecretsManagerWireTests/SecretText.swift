import KeyturnCore

extension SecretBytes {
    /// The bytes of a text.
    convenience init(_ text: String) {
        var bytes = Array(text.utf8)
        self.init(taking: &bytes)
    }

    /// The text, for comparing.
    var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
