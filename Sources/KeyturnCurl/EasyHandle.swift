import CCurl
import KeyturnCore

/// One transfer's handle and everything that libcurl holds pointers to meanwhile; it has one owner.
struct EasyHandle: ~Copyable {
    /// libcurl took an option badly: out of memory, or made without what the option needs.
    struct Refused: Error {
        let code: CURLcode
    }

    private let raw: UnsafeMutableRawPointer
    // Let go after the handle: deinit's body runs first.
    private var headers = HeaderList()
    private var body: WipedBuffer?
    private let message = WipedBuffer(byteCount: Int(CURL_ERROR_SIZE))

    init() throws(Refused) {
        guard let raw = curl_easy_init() else { throw Refused(code: CURLE_OUT_OF_MEMORY) }
        self.raw = raw
        _ = message.withBytes {
            keyturn_curl_set_error_buffer(raw, $0.assumingMemoryBound(to: CChar.self).baseAddress)
        }
    }

    deinit { curl_easy_cleanup(raw) }

    /// Lends the handle.
    borrowing func withRaw<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result { body(raw) }

    borrowing func set<Value>(_ option: (UnsafeMutableRawPointer?, Value) -> CURLcode, _ value: Value) throws(Refused) {
        let code = option(raw, value)
        guard code == CURLE_OK else { throw Refused(code: code) }
    }

    borrowing func set(
        _ option: (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> CURLcode, _ text: String
    ) throws(Refused) {
        let code = text.withCString { option(raw, $0) }
        guard code == CURLE_OK else { throw Refused(code: code) }
    }

    borrowing func set(
        _ option: (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> CURLcode, _ secret: SecretBytes
    ) throws(Refused) {
        let code = secret.withCString { option(raw, $0) }
        guard code == CURLE_OK else { throw Refused(code: code) }
    }

    mutating func setHeaders(_ list: consuming HeaderList) throws(Refused) {
        headers = list
        let code = headers.withRaw { keyturn_curl_set_headers(raw, $0) }
        guard code == CURLE_OK else { throw Refused(code: code) }
    }

    mutating func setBody(_ bytes: consuming WipedBuffer) throws(Refused) {
        let code = bytes.withBytes { keyturn_curl_set_body(raw, $0.baseAddress) }
        body = consume bytes
        guard code == CURLE_OK else { throw Refused(code: code) }
    }

    /// A number that libcurl knows about the transfer, 0 if it does not.
    borrowing func number(_ information: (UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> CURLcode) -> Int {
        var value = 0
        return information(raw, &value) == CURLE_OK ? value : 0
    }

    /// What libcurl says about the failure in its own words.
    borrowing func errorText() -> String {
        message.withBytes { bytes in
            String(decoding: bytes.prefix { $0 != 0 }.map { (0x20...0x7e).contains($0) ? $0 : 0x3f }, as: UTF8.self)
        }
    }
}
