import Crypto

/// A position in a list, sealed: base64 of a version, the position and a message authentication code.
///
/// The position can be read by who cares to; it is the name or the date of an entry that the client was just shown.
enum NextToken {
    /// The form of the token; another one is refused.
    private static let version: UInt8 = 1
    /// Says what the key authenticates here, should it ever be used for something else.
    private static let purpose = Array("keyturn next token".utf8)
    private static let codeLength = 32

    /// Seals a position; `selection` is what the list was asked for.
    static func seal(_ position: String, with key: SymmetricKey, for selection: [UInt8]) -> String {
        let content = [version] + position.utf8
        let sealed = content + code(content, key, selection)
        var text: [UInt8] = []
        unsafe sealed.withUnsafeBytes { unsafe Base64Text.encode($0) { text.append($0) } }
        return String(decoding: text, as: UTF8.self)
    }

    /// Opens a token.
    /// - Throws: `InvalidNextTokenException`, whatever is wrong with it.
    static func open(
        _ token: String, with key: SymmetricKey, for selection: [UInt8]
    ) throws(SecretsManagerError) -> String {
        guard let sealed = Base64Text.decode(Array(token.utf8)), sealed.count > codeLength else {
            throw .invalidNextToken()
        }
        let content = sealed.dropLast(codeLength)
        let isOurs = HMAC<SHA256>.isValidAuthenticationCode(
            sealed.suffix(codeLength), authenticating: message(content, selection), using: key)
        guard isOurs, content.first == version else { throw .invalidNextToken() }
        return String(decoding: content.dropFirst(), as: UTF8.self)
    }

    private static func code(_ content: [UInt8], _ key: SymmetricKey, _ selection: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message(content[...], selection), using: key))
    }

    /// The selection goes in as a digest of fixed length, so that no two pairs give one message.
    private static func message(_ content: ArraySlice<UInt8>, _ selection: [UInt8]) -> [UInt8] {
        purpose + Array(SHA256.hash(data: selection)) + content
    }
}
