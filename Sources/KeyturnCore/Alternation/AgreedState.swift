/// What two users had in common when they were last brought in line, in a form that can be kept anywhere: hashes only.
///
/// A difference found later has a side that changed: the one whose value is not the agreed one. Without the agreement
/// nobody could tell a privilege that was given to one user from one that was taken from the other.
public struct AgreedState: Hashable, Sendable {
    /// More items than this are not kept.
    static let most = 4_000

    private let values: [UInt64: UInt64]

    /// Takes the state's items: a name such as `setting work_mem` and a value. Nil if there are too many of them to keep;
    /// every difference then counts as a change of the base.
    public init?(_ items: [String: String]) {
        guard items.count <= Self.most else { return nil }
        values = Dictionary(items.map { (fingerprint($0), fingerprint($1)) }) { $1 }
    }

    /// Reads what `encoded` wrote; nil if it is anything else.
    public init?(encoded text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 32) else { return nil }
        var values: [UInt64: UInt64] = [:]
        for start in stride(from: 0, to: digits.count, by: 32) {
            let key = UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16)
            let value = UInt64(String(decoding: digits[start + 16..<start + 32], as: UTF8.self), radix: 16)
            guard let key, let value else { return nil }
            values[key] = value
        }
        self.values = values
    }

    /// 32 hexadecimal digits for each item, in an order that depends on the items alone.
    public var encoded: String {
        values.sorted { $0.key < $1.key }.map { digits($0.key) + digits($0.value) }.joined()
    }

    /// Whether an item had this value; nil stands for none at all.
    public func holds(_ key: String, _ value: String?) -> Bool { values[fingerprint(key)] == value.map(fingerprint) }

    /// Whether an item was among them, whatever its value.
    public func has(_ key: String) -> Bool { values[fingerprint(key)] != nil }
}
