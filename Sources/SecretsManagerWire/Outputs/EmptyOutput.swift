package import KeyturnCore

/// The answer of TagResource and UntagResource: 200 and an empty body.
package struct EmptyOutput: WireStructure {
    /// There are none.
    package static let shape = StructureShape()

    /// There is nothing to say.
    package init() {}

    /// There is nothing to read.
    package init(_ members: WireMembers) throws(WireRefusal) {}

    /// There is nothing to write.
    package func write(to writer: inout WireWriter) {}

    /// No bytes at all.
    package var json: SecretBytes {
        var nothing: [UInt8] = []
        return SecretBytes(taking: &nothing)
    }
}
