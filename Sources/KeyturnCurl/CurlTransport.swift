import Glibc
public import KeyturnCore
public import KeyturnHTTP

/// HTTP by libcurl, on one thread of its own.
///
/// Connections are kept and used again, HTTP/2 is spoken where TLS agrees on it. No cookie, no `.netrc`, no cache, no
/// compression. Signatures for AWS carry the system's time: libcurl asks nobody else.
///
/// Secrets: a body is read from where it lies, signed ones from a copy that is wiped, headers are wiped, and an answer's
/// body is wiped with its last owner. libcurl's own buffers, and its copies of a password or a signing key, are freed
/// after each request without being wiped: no option of it does that.
public final class CurlTransport: HTTPTransport {
    private let loop: CurlLoop
    private let settings: CurlSettings

    /// Starts the thread.
    /// - Throws: `InvalidInput` naming `caFile` if the file can't be read, `libcurl` if it can't be used.
    /// - Precondition: Every number in the settings is positive.
    public init(_ settings: CurlSettings = CurlSettings()) throws(InvalidInput) {
        let numbers = [settings.mostPerOrigin, settings.mostAtOnce, settings.mostWaiting, settings.mostKept]
        precondition(numbers.allSatisfy { $0 > 0 } && settings.longestIdle >= .seconds(1), "a limit is zero")
        if let file = settings.caFile, access(file, R_OK) != 0 {
            throw InvalidInput(
                field: "caFile", problem: "can't be read: \(String(cString: strerror(errno)))",
                remedy: "name a file of certificates in PEM")
        }
        try CurlLibrary.prepare()
        guard let loop = CurlLoop(settings) else {
            throw InvalidInput(
                field: "libcurl", problem: "can't be started", remedy: "raise the limit of open files or memory")
        }
        self.loop = loop
        self.settings = settings
    }

    deinit { loop.stop() }

    /// Sends one request.
    /// - Throws: `HTTPFailure`.
    public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPReply {
        try check(request)
        let id = loop.makeID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(CurlTicket(id: id, request: request, since: .now, continuation: continuation))
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { loop.cancel(id) }
            }
        } onCancel: {
            loop.cancel(id)
        }
        return try result.get()
    }

    /// Everything that can be refused before anything is sent.
    private func check(_ request: HTTPRequest) throws(HTTPFailure) {
        func refuse(_ kind: HTTPFailure.Kind, _ detail: String) -> HTTPFailure {
            HTTPFailure(kind, .nothingHappened, of: request, detail)
        }
        guard request.origin.scheme == .https || request.origin.isLoopback || settings.allowsPlainHTTP else {
            throw refuse(.forbidden, "without TLS only this machine may be asked")
        }
        guard request.isSendable else {
            throw refuse(.misconfigured, "a GET or HEAD with a body, too many fields, or a limit out of range")
        }
        guard request.isSignable else {
            throw refuse(.misconfigured, "a signed path may hold only letters, digits, slashes and -._~")
        }
        switch request.authentication {
        case .none, .aws: break
        case .bearer(let token):
            guard token.count > 0, token.isPrintableASCII else {
                throw refuse(.misconfigured, "the bearer token is empty or not printable")
            }
        case .basic(let user, let password), .digest(let user, let password):
            guard !user.contains("\0"), !password.containsNUL else {
                throw refuse(.misconfigured, "the user name or the password holds a NUL")
            }
        }
    }
}
