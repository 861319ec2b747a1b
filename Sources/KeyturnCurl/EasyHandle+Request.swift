import CCurl
import KeyturnCore
import KeyturnHTTP

extension EasyHandle {
    /// What servers are told about who asks.
    private static let userAgent = "keyturn"

    /// Sets everything that a request says.
    /// - Returns: Whether the body will be asked for piece by piece.
    mutating func prepare(for request: HTTPRequest, settings: CurlSettings) throws(Refused) -> Bool {
        try setRules(of: settings)
        try setProxy(settings.proxy, for: request.origin)
        try set(keyturn_curl_set_largest_reply, curl_off_t(request.limits.bodyByteCount))
        try set(keyturn_curl_set_url, "\(request.origin)\(request.signableTarget)")
        try setAuthentication(request.authentication)
        let isAskedFor = try setMethodAndBody(of: request)
        try setHeaders(of: request)
        return isAskedFor
    }

    private borrowing func setRules(of settings: CurlSettings) throws(Refused) {
        // Signals would reach any thread of the process.
        try set(keyturn_curl_set_no_signal, 1)
        // A look-up that is given up ends by itself; nobody waits for its thread.
        try set(keyturn_curl_set_quick_exit, 1)
        try set(keyturn_curl_set_protocols, "http,https")
        try set(keyturn_curl_set_follow_location, 0)
        try set(keyturn_curl_set_path_as_is, 1)
        try set(keyturn_curl_set_http_version, CURL_HTTP_VERSION_2TLS)
        try set(keyturn_curl_set_http09_allowed, 0)
        try set(keyturn_curl_set_user_agent, Self.userAgent)
        try set(keyturn_curl_set_verify_peer, 1)
        try set(keyturn_curl_set_verify_host, 2)
        try set(keyturn_curl_set_tls_version, Int(CURL_SSLVERSION_TLSv1_2))
        try set(keyturn_curl_set_idle_limit_seconds, Int(settings.longestIdle.components.seconds))
        if let file = settings.caFile {
            try set(keyturn_curl_set_ca_file, file)
            // Without this the system's folder of certificates is trusted beside the file.
            try set(keyturn_curl_set_ca_directory, UnsafePointer<CChar>?.none)
        }
    }

    private borrowing func setProxy(_ proxy: CurlSettings.Proxy, for origin: HTTPOrigin) throws(Refused) {
        try set(keyturn_curl_set_suppress_connect_headers, 1)
        try set(keyturn_curl_set_header_options, Int(CURLHEADER_SEPARATE))
        // What may go without TLS because it stays on this machine must not go to a proxy.
        guard !origin.isLoopback else { return try set(keyturn_curl_set_no_proxy, "*") }
        switch proxy {
        case .none: try set(keyturn_curl_set_no_proxy, "*")
        case .environment: break
        case .fixed(let origin):
            try set(keyturn_curl_set_proxy, "\(origin)")
            // Otherwise the variable no_proxy would decide.
            try set(keyturn_curl_set_no_proxy, "")
        }
    }

    private borrowing func setAuthentication(_ authentication: HTTPAuthentication) throws(Refused) {
        switch authentication {
        case .none, .bearer: break
        case .basic(let user, let password):
            try set(keyturn_curl_set_authentication, keyturn_curl_auth_basic)
            try set(keyturn_curl_set_user_name, user)
            try set(keyturn_curl_set_password, password)
        case .digest(let user, let password):
            try set(keyturn_curl_set_authentication, keyturn_curl_auth_digest)
            // libcurl 7.88 over HTTP/2 never ends the first request, which leaves the body out, and waits for ever.
            try set(keyturn_curl_set_http_version, Int(CURL_HTTP_VERSION_1_1))
            try set(keyturn_curl_set_user_name, user)
            try set(keyturn_curl_set_password, password)
        case .aws(let signing):
            try set(keyturn_curl_set_aws_signature, "aws:amz:\(signing.region):\(signing.service)")
            try set(keyturn_curl_set_user_name, signing.credentials.accessKeyID)
            try set(keyturn_curl_set_password, signing.credentials.secretAccessKey)
        }
    }

    private mutating func setMethodAndBody(of request: HTTPRequest) throws(Refused) -> Bool {
        switch request.method {
        case .get: try set(keyturn_curl_set_get, 1)
        case .head: try set(keyturn_curl_set_no_body, 1)
        case .post, .put, .patch, .delete:
            if request.method == .delete, request.body.byteCount == 0 {
                try set(keyturn_curl_set_get, 1)
            } else {
                try set(keyturn_curl_set_post, 1)
                try set(keyturn_curl_set_body_size, curl_off_t(request.body.byteCount))
            }
            if request.method != .post { try set(keyturn_curl_set_method, request.method.rawValue) }
        }
        // libcurl signs a body that it has whole, and none that it asks for.
        let isSigned = if case .aws = request.authentication { true } else { false }
        guard !isSigned, request.body.byteCount > 0 else {
            guard !request.method.isSafe else { return false }
            try setBody(WipedBuffer(copying: request.body))
            return false
        }
        return true
    }

    private mutating func setHeaders(of request: HTTPRequest) throws(Refused) {
        var list = HeaderList()
        var isWhole = true
        for field in request.fields {
            let start = "\(field.name): "
            switch field.value {
            case .text(let text): isWhole = list.append(start + text) && isWhole
            case .secret(let bytes): isWhole = list.append(start, bytes) && isWhole
            }
        }
        switch request.authentication {
        case .none, .basic, .digest: break
        case .bearer(let token): isWhole = list.append("Authorization: Bearer ", token) && isWhole
        case .aws(let signing):
            if let token = signing.credentials.sessionToken {
                isWhole = list.append("X-Amz-Security-Token: ", token) && isWhole
            }
            // libcurl signs a header that is only named to leave it out.
            guard isWhole else { throw Refused(code: CURLE_OUT_OF_MEMORY) }
            return try setHeaders(list)
        }
        // Not waited for: a server that never says 100 would cost a second.
        isWhole = list.append("Expect:") && isWhole
        if !request.fields.contains(where: { $0.name == .contentType }) {
            // libcurl would call every body a form.
            isWhole = list.append("Content-Type:") && isWhole
        }
        guard isWhole else { throw Refused(code: CURLE_OUT_OF_MEMORY) }
        try setHeaders(list)
    }
}
