import Crypto
import Foundation
import KeyturnCore
import KeyturnSimulation
import KeyturnTesting
import Testing

@testable import KeyturnMariaDB

@Suite("Password hashes") struct HashTests {
    private func secret(_ bytes: [UInt8]) -> SecretBytes {
        var bytes = bytes
        return SecretBytes(taking: &bytes)
    }

    @Test("ed25519 takes a password of any length; the vectors are MariaDB's own")
    func ed25519Vectors() {
        for (password, hash) in [
            ("e1", "mM/PcoSVmBcVH4yXbYrm9GrjK0l+6f8V04Bu2KjmHEk"),
            ("secret", "ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY"),
            ("foo", "vubFBzIrapbfHct1/J72dnUryz5VS7lA6XHH8sIx4TI"),
            ("bar", "pfzkeWMzkTefY1oshXS+/kATeN51M+4jxi3/cbyTd10"),
        ] {
            #expect(Ed25519PasswordHash.make(SimulatedServer.secret(password)) == hash)
            #expect(Ed25519PasswordHash.matches(SimulatedServer.secret(password), Array(hash.utf8)))
            #expect(!Ed25519PasswordHash.matches(SimulatedServer.secret(password + "x"), Array(hash.utf8)))
        }
    }

    @Test("for 32 bytes, ed25519 makes the public keys that BoringSSL makes")
    func ed25519Seeds() throws {
        var generator = SeededRandom(seed: 25_519)
        for _ in 0..<200 {
            let seed = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed).publicKey.rawRepresentation
            #expect(Ed25519PasswordHash.make(secret(seed)) == String(key.base64EncodedString().dropLast()))
        }
    }

    @Test("a number of the field has one form in bytes")
    func canonicalBytes() {
        let top = UInt64(1) << 51 - 1
        let modulus = FieldElement25519(top - 18, top, top, top, top)
        #expect(modulus.bytes == FieldElement25519.zero.bytes)
        #expect((modulus + .one).bytes == FieldElement25519.one.bytes)
        #expect((FieldElement25519.zero - .one).bytes == [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f])
        let number = FieldElement25519(top, 5, top, 77, top)
        #expect((number * number.inverted).bytes == FieldElement25519.one.bytes)
    }

    @Test("mysql_native_password is the SHA-1 of the SHA-1")
    func native() {
        let secret = SimulatedServer.secret("password")
        #expect(NativePasswordHash.make(secret) == "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19")
        #expect(NativePasswordHash.matches(secret, Array("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19".utf8)))
        #expect(
            !NativePasswordHash.matches(SimulatedServer.secret("Password"), Array(NativePasswordHash.make(secret).utf8))
        )
    }
}
