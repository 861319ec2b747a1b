public import KeyturnCore

/// One header field that a caller adds to a request.
public struct HTTPRequestField: Sendable, CustomStringConvertible, CustomReflectable {
    /// What the field says.
    package enum Value: Sendable {
        case text(String)
        case secret(SecretBytes)
    }

    /// The field's name.
    public let name: HTTPFieldName
    package let value: Value

    /// Takes a field whose value may be seen.
    /// - Throws: `InvalidInput` naming the field, if it is one that the transport writes or if its value has characters
    ///   that would end it.
    public init(_ name: HTTPFieldName, _ text: String) throws(InvalidInput) {
        guard !name.isReserved else { throw Self.reserved(name) }
        guard !text.isEmpty, text.utf8.allSatisfy(Self.mayStandInValue) else { throw Self.unreadable(name) }
        self.name = name
        value = .text(text)
    }

    /// Takes a field whose value must not be seen, such as an API key.
    /// - Throws: `InvalidInput` naming the field, never its value.
    public init(_ name: HTTPFieldName, secret: SecretBytes) throws(InvalidInput) {
        guard !name.isReserved else { throw Self.reserved(name) }
        guard secret.count > 0, secret.isPrintableASCII else { throw Self.unreadable(name) }
        self.name = name
        value = .secret(secret)
    }

    private static func reserved(_ name: HTTPFieldName) -> InvalidInput {
        InvalidInput(
            field: name.text, problem: "is written by the transport",
            remedy: "give credentials as the request's authentication, and leave the rest to it")
    }

    private static func unreadable(_ name: HTTPFieldName) -> InvalidInput {
        InvalidInput(
            field: name.text, problem: "is empty or has a control character",
            remedy: "give a value in printable characters")
    }

    private static func mayStandInValue(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7f || byte == 0x09 }

    /// The name alone.
    public var description: String { "\(name): <redacted>" }
    /// The name alone.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
