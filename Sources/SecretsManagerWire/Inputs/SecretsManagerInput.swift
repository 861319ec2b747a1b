/// What an operation is asked with.
package protocol SecretsManagerInput: WireStructure {
    /// What the operation answers.
    associatedtype Output: WireStructure

    /// The operation.
    static var operation: SecretsManagerOperation { get }
}
