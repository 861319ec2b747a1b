package import Crypto
import KeyturnCore

/// A request for one page of a list.
///
/// A page ends with a position, which only Keyturn understands. The client gets it sealed: bound to the operation and to
/// everything else that was asked, so that a token neither tells anything nor works for another list.
package protocol PagedInput: SecretsManagerInput {
    /// The most entries of the page.
    var maxResults: Int? { get set }
    /// Where the page begins, as the page before said.
    var nextToken: String? { get set }
}

extension ListSecretsInput: PagedInput {}
extension ListSecretVersionIDsInput: PagedInput {}
extension BatchGetSecretValueInput: PagedInput {}

extension PagedInput {
    /// The position where the page begins; nil for the first page.
    /// - Throws: `InvalidNextTokenException` for a token that was not sealed with `key` for this request.
    package func position(openedWith key: SymmetricKey) throws(SecretsManagerError) -> String? {
        guard let nextToken else { return nil }
        return try NextToken.open(nextToken, with: key, for: selection)
    }

    /// The token with which the same request goes on behind `position`.
    package func nextToken(after position: String, sealedWith key: SymmetricKey) -> String {
        NextToken.seal(position, with: key, for: selection)
    }

    /// The operation and what it selects; a client may change the size of pages on the way.
    private var selection: [UInt8] {
        var request = self
        request.maxResults = nil
        request.nextToken = nil
        let json = unsafe request.json.withBytes { unsafe Array($0) }
        return Array(Self.operation.rawValue.utf8) + [0] + json
    }
}
