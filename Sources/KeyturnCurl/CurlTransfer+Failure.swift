import CCurl
import Glibc
import KeyturnHTTP

extension CurlTransfer {
    /// CURLE_TOO_LARGE, which libcurl has since 8.6.
    private static let tooLarge = CURLcode(rawValue: 100)

    /// The answer, or why there is none, after libcurl has said that it is done.
    func result(_ code: CURLcode) -> Result<HTTPReply, HTTPFailure> {
        if code == CURLE_OK, let reply = collector.reply(version: version) { return .success(reply) }
        let kind = collector.refusal ?? kind(of: code)
        // What is not HTTP is an answer, too, though none of it was collected.
        let outcome = kind == .malformed && hasBegun ? .unknown : outcome
        return .failure(HTTPFailure(kind, outcome, of: request, text(of: code, kind)))
    }

    private var version: HTTPReply.Version {
        switch handle.number(keyturn_curl_get_http_version) {
        case CURL_HTTP_VERSION_1_0: .http10
        case CURL_HTTP_VERSION_2_0: .http2
        case _: .http11
        }
    }

    /// libcurl: "libcurl-errors".
    private func kind(of code: CURLcode) -> HTTPFailure.Kind {
        let system = Int32(truncatingIfNeeded: handle.number(keyturn_curl_get_system_error))
        let proxyStatus = handle.number(keyturn_curl_get_connect_status)
        if proxyStatus != 0, proxyStatus / 100 != 2 { return .proxyFailed }
        switch code {
        case CURLE_OK, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            // The unsupported protocol is HTTP/0.9: an answer without a status line.
            return .malformed
        case CURLE_COULDNT_RESOLVE_HOST: return .unknownHost
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxyFailed
        case CURLE_COULDNT_CONNECT:
            return system == ECONNREFUSED ? .connectionRefused : system == ECONNRESET ? .connectionLost : .unreachable
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: return .notTrusted
        case CURLE_SSL_CACERT_BADFILE: return .misconfigured
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED:
            return system == ECONNRESET ? .connectionLost : .tlsFailed
        case CURLE_OPERATION_TIMEDOUT: return .timedOut(.connect)
        case CURLE_FILESIZE_EXCEEDED: return .tooLarge(.body)
        case Self.tooLarge: return .tooLarge(.head)
        case CURLE_OUT_OF_MEMORY:
            // A line of a head that is larger than libcurl's own limit is told like this.
            if case .asking = stage { return .tooLarge(.head) }
            if case .reading = stage { return .tooLarge(.head) }
            return .other
        case CURLE_RECV_ERROR:
            // A chunk's size that is no number is told like a reset, and only the system knows of a reset. TLS hides both.
            return system == 0 && request.origin.scheme == .http ? .malformed : .connectionLost
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND,
            CURLE_ABORTED_BY_CALLBACK:
            return .connectionLost
        case _: return .other
        }
    }

    private func text(of code: CURLcode, _ kind: HTTPFailure.Kind) -> String {
        switch kind {
        case .notTrusted:
            // Names what is wrong with the certificate; nothing of the request.
            let text = handle.errorText()
            return text.isEmpty ? "the certificate is not trusted" : text
        case .tooLarge(let part): return "the answer's \(part.rawValue) is larger than the limit"
        case .proxyFailed:
            let status = handle.number(keyturn_curl_get_connect_status)
            return status == 0 ? "the proxy can't be reached" : "the proxy answered \(status)"
        case .connectionLost: return "the connection ended before the answer was there"
        case .malformed: return "what came is not HTTP"
        case .forbidden, .overloaded, .misconfigured, .unknownHost, .connectionRefused, .unreachable, .tlsFailed,
            .timedOut, .cancelled, .other:
            return String(cString: curl_easy_strerror(code))
        }
    }
}
