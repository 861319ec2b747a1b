/// Who holds a lease: one running process, recognisable after its death.
///
/// The text is made by the executable so that another process of the same machine can tell whether the holder still
/// lives (machine, boot, process-id name space, process id and its start time).
public struct HolderID: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The identity as text.
    public let text: String

    /// Takes the text as it is.
    public init(_ text: String) { self.text = text }

    /// The identity itself.
    public var description: String { text }
}
