import Foundation
import Glibc
import KeyturnCore
import Synchronization

/// Looks up a host's addresses with a deadline that really ends: the C library's own look-up has none.
package enum HostResolver {
    /// More addresses than this are not tried.
    package static let mostAddresses = 8

    /// Numeric addresses in the order to try them, nil if the name is unknown, `timedOut` if nobody answered in time.
    package enum Answer {
        case addresses([String])
        case unknown(String)
        case timedOut
    }

    package static func addresses(of host: String, within limit: Duration) async -> Answer {
        if isNumeric(host) { return .addresses([host]) }
        return await withCheckedContinuation { continuation in
            let first = FirstAnswer(continuation)
            // The thread outlives a deadline that passes; the resolver's own retries end it.
            Thread.detachNewThread { first.give(lookUp(host)) }
            Thread.detachNewThread { first.wait(limit) }
        }
    }

    private static func isNumeric(_ host: String) -> Bool {
        var v4 = in_addr()
        var v6 = in6_addr()
        let address = host.split(separator: "%").first.map(String.init) ?? host
        return inet_pton(AF_INET, address, &v4) == 1 || inet_pton(AF_INET6, address, &v6) == 1
    }

    private static func lookUp(_ host: String) -> Answer {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { return .unknown(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next, addresses.count < mostAddresses {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let named = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if named == 0, !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .unknown("it has no address") : .addresses(addresses)
    }
}

/// Resumes a continuation with the first of two answers.
private final class FirstAnswer: Sendable {
    private let continuation: Mutex<CheckedContinuation<HostResolver.Answer, Never>?>
    private let given = DispatchSemaphore(value: 0)

    init(_ continuation: CheckedContinuation<HostResolver.Answer, Never>) { self.continuation = Mutex(continuation) }

    func give(_ answer: HostResolver.Answer) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: answer)
        given.signal()
    }

    func wait(_ limit: Duration) {
        let deadline = DispatchTime.now() + .milliseconds(Int(limit.wholeMilliseconds))
        if given.wait(timeout: deadline) == .timedOut { give(.timedOut) }
    }
}
