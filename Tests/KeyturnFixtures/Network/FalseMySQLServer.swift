import Foundation
import Synchronization

/// A TCP server that greets as MySQL does, and then does not behave.
package final class FalseMySQLServer: Sendable {
    /// What happens after the greeting.
    package enum Conduct: Sendable {
        /// Everything is read, and nothing more is said.
        case silent
        /// The client's first message is answered by the beginning of a TLS record, and then by a byte now and then.
        case tricklingTLS
        /// There is no greeting: an error is said at once, as to a machine that may not connect.
        case refusing(error: UInt16)
        /// The client's first message is answered by the wish to see the password by another plugin.
        case askingFor(plugin: String)
    }

    /// The port to connect to; the address is 127.0.0.1.
    package let port: Int
    private let loop: AcceptLoop
    private let heard: Heard

    private final class Heard: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    /// Starts listening.
    package init(_ conduct: Conduct, offersTLS: Bool) throws {
        let heard = Heard()
        self.heard = heard
        loop = try AcceptLoop { connection, _ in
            let first =
                if case .refusing(let error) = conduct { Self.refusal(error) } else {
                    Self.greeting(offersTLS: offersTLS)
                }
            guard Loopback.sendAll(first, to: connection) else { return }
            var answered = false
            while let bytes = connection.readSome() {
                heard.bytes.withLock { $0 += bytes }
                guard !answered else { continue }
                answered = true
                switch conduct {
                case .silent, .refusing: break
                case .tricklingTLS:
                    // A ServerHello of 16 KiB, which never gets that far.
                    guard Loopback.sendAll([0x16, 3, 3, 0x3f, 0xff, 2, 0, 0x3f, 0xfb], to: connection) else { return }
                    while Loopback.sendAll([0], to: connection) { Thread.sleep(forTimeInterval: 0.1) }
                case .askingFor(let plugin):
                    let body = [0xfe] + Array(plugin.utf8) + [0] + Array("12345678901234567890".utf8) + [0]
                    guard Loopback.sendAll(Self.packet(body, number: 2), to: connection) else { return }
                }
            }
        }
        port = loop.port
    }

    deinit { loop.stop() }

    /// Everything that clients have sent so far.
    package var received: [UInt8] { heard.bytes.withLock { $0 } }

    /// How many connections were greeted so far.
    package var connectionCount: Int { loop.acceptedCount }

    /// Protocol version 10, as MariaDB 10.11 says it, with plugins and, perhaps, TLS.
    private static func greeting(offersTLS: Bool) -> [UInt8] {
        let capabilities: UInt32 = 0x81ff_f7df
        func bytes(_ half: UInt32) -> [UInt8] { [UInt8(half & 0xff), UInt8(half >> 8 & 0xff)] }
        let body: [UInt8] =
            [10] + Array("10.11.19-MariaDB".utf8) + [0, 77, 0, 0, 0] + Array("12345678".utf8) + [0]
            + bytes(offersTLS ? capabilities | 0x800 : capabilities) + [45, 2, 0] + bytes(capabilities >> 16)
            + [21] + [UInt8](repeating: 0, count: 10) + Array("123456789012".utf8) + [0]
            + Array("mysql_native_password".utf8) + [0]
        return packet(body, number: 0)
    }

    private static func refusal(_ error: UInt16) -> [UInt8] {
        packet([0xff, UInt8(error & 0xff), UInt8(error >> 8)] + Array("#28000No".utf8), number: 0)
    }

    private static func packet(_ body: [UInt8], number: UInt8) -> [UInt8] {
        [UInt8(body.count & 0xff), UInt8(body.count >> 8 & 0xff), UInt8(body.count >> 16), number] + body
    }
}
