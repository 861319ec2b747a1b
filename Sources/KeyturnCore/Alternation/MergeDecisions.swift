/// Whose value holds, for items that a run has begun to change; by hashes of their names.
///
/// A run that takes up where another was cut finds that one's own half-done changes: a privilege that was taken to be
/// given anew, say. It must not read them as somebody's will, but go on to where the other was going: the side whose value
/// holds is never touched, so what it has now is still what both are to have.
public struct MergeDecisions: Hashable, Sendable {
    private let sides: [UInt64: PairMember]

    /// Nothing is decided.
    public static let none = MergeDecisions([:])

    /// Takes the names of items, and the user whose value holds.
    public init(_ items: [String: PairMember]) {
        sides = Dictionary(items.map { (fingerprint($0), $1) }) { $1 }
    }

    private init(sides: [UInt64: PairMember]) { self.sides = sides }

    /// Reads what `encoded` wrote; nil if it is anything else.
    public init?(encoded text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 17) else { return nil }
        var sides: [UInt64: PairMember] = [:]
        for start in stride(from: 0, to: digits.count, by: 17) {
            guard let key = UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16) else {
                return nil
            }
            switch digits[start + 16] {
            case UInt8(ascii: "b"): sides[key] = .base
            case UInt8(ascii: "a"): sides[key] = .alternate
            case _: return nil
            }
        }
        self.sides = sides
    }

    /// For each item 16 hexadecimal digits and `b` or `a`, in an order that depends on the items alone.
    public var encoded: String {
        sides.sorted { $0.key < $1.key }.map { digits($0.key) + ($0.value == .base ? "b" : "a") }.joined()
    }

    /// Whose value of an item holds, nil if that is not decided.
    public subscript(item: String) -> PairMember? { sides[fingerprint(item)] }

    /// These, and those of a run before where nothing newer is decided.
    public func merging(_ older: MergeDecisions) -> MergeDecisions {
        MergeDecisions(sides: sides.merging(older.sides) { newer, _ in newer })
    }
}
