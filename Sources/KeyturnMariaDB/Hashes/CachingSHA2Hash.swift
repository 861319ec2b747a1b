import Crypto
import Foundation
import KeyturnCore

/// What MySQL's `caching_sha2_password` keeps: `$A$` and the rounds in thousands as three hexadecimal digits, `$`, 20 bytes
/// of salt and 43 characters of a SHA-256 crypt digest (U. Drepper, "Unix crypt using SHA-256 and SHA-512").
enum CachingSHA2Hash {
    /// MySQL's own limit on the rounds is 4,095 thousand; a server may not ask for more of this process's time than this.
    private static let mostRounds = 100_000

    /// Whether a password is the one that was kept; nil if that can't be told.
    static func matches(_ password: SecretBytes, _ kept: [UInt8]) -> Bool? {
        guard kept.count == 70, kept.starts(with: Array("$A$".utf8)), kept[6] == UInt8(ascii: "$"),
            let thousands = Int(String(decoding: kept[3..<6], as: UTF8.self), radix: 16),
            (1...mostRounds / 1000).contains(thousands)
        else { return nil }
        let digest = password.withBytes { crypt(Array($0), salt: Array(kept[7..<27]), rounds: thousands * 1000) }
        return digest == Array(kept[27...])
    }

    private static func crypt(_ password: [UInt8], salt: [UInt8], rounds: Int) -> [UInt8] {
        let alternate = digest(password + salt + password)
        var start = password + salt + repeated(alternate, to: password.count)
        var bits = password.count
        while bits > 0 {
            start += bits & 1 == 1 ? alternate : password
            bits >>= 1
        }
        var result = digest(start)
        let p = repeated(digest(repeated(password, to: password.count * password.count)), to: password.count)
        let s = repeated(digest(repeated(salt, to: salt.count * (16 + Int(result[0])))), to: salt.count)
        for round in 0..<rounds {
            let isOdd = round & 1 == 1
            var input = isOdd ? p : result
            if round % 3 != 0 { input += s }
            if round % 7 != 0 { input += p }
            input += isOdd ? result : p
            result = digest(input)
        }
        return encoded(result)
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    private static func repeated(_ bytes: [UInt8], to count: Int) -> [UInt8] {
        (0..<count).map { bytes[$0 % bytes.count] }
    }

    private static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// The digest's own base64, three bytes at a time in its own order.
    private static func encoded(_ digest: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        func append(_ high: UInt8, _ middle: UInt8, _ low: UInt8, _ count: Int) {
            var word = UInt32(high) << 16 | UInt32(middle) << 8 | UInt32(low)
            for _ in 0..<count {
                text.append(alphabet[Int(word & 0x3f)])
                word >>= 6
            }
        }
        var (a, b, c) = (0, 10, 20)
        for _ in 0..<10 {
            append(digest[a], digest[b], digest[c], 4)
            (a, b, c) = (c + 1, a + 1, b + 1)
        }
        append(0, digest[31], digest[30], 3)
        return text
    }
}
