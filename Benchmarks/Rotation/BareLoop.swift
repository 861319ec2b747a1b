import Foundation
import Synchronization

/// The floor: what a program without a store, a journal or a check would do. The same connections and password changes as
/// a rotation, one thread for each secret.
struct BareLoop<Client: BareClient>: Sendable {
    let client: Client
    /// Who sets the passwords; nil if each user sets its own.
    let admin: (user: String, password: String)?

    /// Rotates each secret over and over for `seconds`; its users take turns.
    /// - Returns: Rotations finished.
    func run(_ secrets: [[BenchmarkUser]], seconds: Double) -> Int {
        let count = Atomic<Int>(0)
        let end = Date(timeIntervalSinceNow: seconds)
        let group = DispatchGroup()
        for users in secrets {
            group.enter()
            Thread.detachNewThread { [self] in
                var turn = 0
                while Date.now < end {
                    let next = "Bare\(UInt64.random(in: .min ... .max))x\(UInt64.random(in: .min ... .max))"
                    rotate(from: users[turn % users.count], to: users[(turn + 1) % users.count], next)
                    turn += 1
                    count.add(1, ordering: .relaxed)
                }
                group.leave()
            }
        }
        group.wait()
        return count.load(ordering: .relaxed)
    }

    private func rotate(from current: BenchmarkUser, to pending: BenchmarkUser, _ password: String) {
        let owner = client.connect(current.name, current.password)
        let setter = admin.map { client.connect($0.user, $0.password) }
        client.setPassword(password, of: pending.name, on: setter ?? owner)
        if let setter { client.close(setter) }
        client.close(owner)
        pending.password = password
        client.close(client.connect(pending.name, password))
    }
}

/// A user and the password that it has now; changed by one thread at a time.
final class BenchmarkUser: Sendable {
    let name: String
    private let secret: Mutex<String>

    var password: String {
        get { secret.withLock { $0 } }
        set { secret.withLock { $0 = newValue } }
    }

    init(_ name: String, _ password: String) {
        self.name = name
        secret = Mutex(password)
    }
}
