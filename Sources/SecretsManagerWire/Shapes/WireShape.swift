/// What a member of the service model may hold, as a value: the one place that lengths, patterns and names come from.
///
/// AWS: the service model `secretsmanager/2017-10-17/service-2.json`.
package indirect enum WireShape: Hashable, Sendable {
    /// A string.
    case text(TextRule)
    /// Bytes, counted after base64; every blob of this service is a secret value.
    case blob(least: Int, most: Int)
    /// A whole number of 32 bits, with its limits.
    case integer(least: Int?, most: Int?)
    /// A whole number of 64 bits, with its limits.
    case long(least: Int?, most: Int?)
    /// True or false.
    case boolean
    /// Seconds since the epoch.
    case timestamp
    /// A list and how many elements it may have.
    case list(WireShape, least: Int?, most: Int?)
    /// A map from version ids to lists.
    case map(key: WireShape, value: WireShape)
    /// A structure.
    case structure(StructureShape)

    /// A string of `least` to `most` characters.
    static func text(
        _ least: Int?, _ most: Int?, _ pattern: TextPattern? = nil, options: [String] = [], isSensitive: Bool = false
    ) -> WireShape {
        .text(TextRule(least: least, most: most, pattern: pattern, options: options, isSensitive: isSensitive))
    }
}

/// What a string may hold. Lengths count Unicode scalars, as the protocol's do.
package struct TextRule: Hashable, Sendable {
    /// The shortest length, if there is one.
    package let least: Int?
    /// The longest length, if there is one.
    package let most: Int?
    /// The pattern that the whole string has to match.
    package let pattern: TextPattern?
    /// The only values, unless empty.
    package let options: [String]
    /// Whether the string is never to be shown.
    package let isSensitive: Bool
}

/// The members of a structure.
package struct StructureShape: Hashable, Sendable {
    /// A member: its name, what it may hold, and whether it has to be there.
    package struct Member: Hashable, Sendable {
        /// The name, in the protocol's spelling.
        package let name: String
        /// What it may hold.
        package let shape: WireShape
        /// Whether it has to be there.
        package let isRequired: Bool

        static func required(_ name: String, _ shape: WireShape) -> Member {
            Member(name: name, shape: shape, isRequired: true)
        }

        static func optional(_ name: String, _ shape: WireShape) -> Member {
            Member(name: name, shape: shape, isRequired: false)
        }
    }

    /// The members, in the model's order.
    package let members: [Member]

    init(_ members: Member...) { self.members = members }
}
