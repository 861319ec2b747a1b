public import KeyturnHTTP

/// What holds for every request of a transport.
public struct CurlSettings: Sendable {
    /// The way to other machines.
    public enum Proxy: Sendable {
        /// Always direct.
        case none
        /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say when a request is made, as libcurl reads
        /// them. libcurl: "CURLOPT_PROXY", environment variables.
        case environment
        /// This one, whatever the variables say; user names are not supported.
        case fixed(HTTPOrigin)
    }

    /// A file of certificates in PEM, and no others, that are trusted; nil for those of the system.
    public var caFile: String?
    /// The way to other machines. Loopback hosts are never asked through a proxy.
    public var proxy: Proxy
    /// Whether other machines may be asked without TLS.
    public var allowsPlainHTTP: Bool
    /// How many requests to one origin are under way at once; further ones wait within their whole time.
    public var mostPerOrigin = 16
    /// How many requests are under way at once; further ones wait within their whole time. One that hangs holds its
    /// place until it ends, so this is many times `mostPerOrigin`.
    public var mostAtOnce = 256
    /// How many may wait; further ones fail.
    public var mostWaiting = 4096
    /// How many idle connections are kept; the oldest is closed for a new one.
    public var mostKept = 64
    /// An idle connection older than this is not used again: many servers close theirs after a minute.
    public var longestIdle: Duration = .seconds(50)

    /// Direct or by the environment's proxies, TLS to all but loopback, the system's certificates.
    public init(caFile: String? = nil, proxy: Proxy = .environment, allowsPlainHTTP: Bool = false) {
        self.caFile = caFile
        self.proxy = proxy
        self.allowsPlainHTTP = allowsPlainHTTP
    }
}
