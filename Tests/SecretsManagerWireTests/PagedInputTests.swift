import Crypto
import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("NextToken") struct PagedInputTests {
    private let key = SymmetricKey(data: Array(repeating: UInt8(7), count: 32))

    private func request(_ filter: String, token: String?, pageSize: Int? = nil) -> ListSecretsInput {
        ListSecretsInput(maxResults: pageSize, nextToken: token, filters: [WireFilter(key: .name, values: [filter])])
    }

    @Test("a token gives its position back to the same request, whatever the size of the page")
    func roundTrip() throws {
        for position in ["", "prod/app", "ü🔑\u{0}", String(repeating: "n", count: 2048)] {
            let token = request("a", token: nil, pageSize: 5).nextToken(after: position, sealedWith: key)
            #expect((1...4096).contains(token.utf8.count))
            #expect(try request("a", token: token, pageSize: 100).position(openedWith: key) == position)
        }
        #expect(try request("a", token: nil).position(openedWith: key) == nil)
    }

    @Test("a token of another request, operation or key is refused")
    func otherRequests() {
        let token = request("a", token: nil).nextToken(after: "p", sealedWith: key)
        let refused = SecretsManagerError.invalidNextToken()
        #expect(throws: refused) { try request("b", token: token).position(openedWith: key) }
        #expect(throws: refused) { try ListSecretsInput(nextToken: token).position(openedWith: key) }
        #expect(throws: refused) { try BatchGetSecretValueInput(nextToken: token).position(openedWith: key) }
        #expect(throws: refused) {
            try request("a", token: token).position(
                openedWith: SymmetricKey(data: Array(repeating: UInt8(8), count: 32)))
        }
        let bare = ListSecretsInput().nextToken(after: "p", sealedWith: key)
        #expect(throws: refused) { try BatchGetSecretValueInput(nextToken: bare).position(openedWith: key) }
    }

    @Test("every changed character and all garbage is refused")
    func tampering() throws {
        let token = request("a", token: nil).nextToken(after: "prod/app", sealedWith: key)
        for index in token.indices {
            for other in ["A", "B", "=", "é"] where String(token[index]) != other {
                var changed = token
                changed.replaceSubrange(index...index, with: other)
                #expect(throws: SecretsManagerError.invalidNextToken()) {
                    try request("a", token: changed).position(openedWith: key)
                }
            }
        }
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for length in 0..<500 {
            let garbage = Data(random.bytes(length)).base64EncodedString()
            #expect(throws: SecretsManagerError.invalidNextToken(), "seed \(seed)") {
                try request("a", token: garbage).position(openedWith: key)
            }
        }
    }
}
