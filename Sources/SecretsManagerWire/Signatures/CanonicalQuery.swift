/// The parameters of a query, decoded, in their order.
struct CanonicalQuery: Sendable {
    /// A parameter, decoded.
    struct Parameter: Sendable {
        let name: [UInt8]
        let value: [UInt8]

        fileprivate var encoded: (name: String, value: String) {
            (PercentEncoding.encode(name), PercentEncoding.encode(value))
        }
    }

    let parameters: [Parameter]

    /// Splits a raw query. `+` stands for itself: signature version 4 knows `%20` only.
    init(_ query: String) {
        parameters = query.utf8.split(separator: UInt8(ascii: "&")).map { part in
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Parameter(
                name: PercentEncoding.decode(halves[0]),
                value: halves.count > 1 ? PercentEncoding.decode(halves[1]) : [])
        }
    }

    /// The values of a parameter; names are case-sensitive.
    func values(of name: String) -> [String] {
        parameters.filter { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The canonical form: encoded once more by the rules, ordered by name and then by value, without the signature.
    func canonical(without excluded: String?) -> String {
        var kept: [(name: String, value: String)] = []
        for parameter in parameters {
            if let excluded, parameter.name.elementsEqual(excluded.utf8) { continue }
            kept.append(parameter.encoded)
        }
        kept.sort { $0.name == $1.name ? $0.value < $1.value : $0.name < $1.name }
        return kept.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
}
