import CCurl

extension CurlTransfer {
    /// The transfer that a handle was made for.
    static func owner(of easy: UnsafeMutableRawPointer) -> CurlTransfer? {
        var owner: UnsafeMutableRawPointer?
        keyturn_curl_get_owner(easy, &owner)
        return from(owner)
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> CurlTransfer? {
        pointer.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Has libcurl call back. It does so only while the loop drives the transfer, and the loop holds it that long.
    func installCallbacks() throws(EasyHandle.Refused) {
        let pointer = Unmanaged.passUnretained(self).toOpaque()
        try handle.set(keyturn_curl_set_owner, pointer)
        try handle.set(keyturn_curl_set_header_data, pointer)
        try handle.set(keyturn_curl_set_write_data, pointer)
        try handle.set(keyturn_curl_set_read_data, pointer)
        try handle.set(keyturn_curl_set_seek_data, pointer)
        try handle.set(keyturn_curl_set_request_data, pointer)
        try handle.set(keyturn_curl_set_header_function) { bytes, size, count, pointer in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return CurlTransfer.from(pointer)?.takeLine(line) == true ? line.count : 0
        }
        try handle.set(keyturn_curl_set_write_function) { bytes, size, count, pointer in
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            // Any other number than the piece's ends the transfer.
            return CurlTransfer.from(pointer)?.takePiece(piece) == true ? piece.count : piece.count + 1
        }
        try handle.set(keyturn_curl_set_read_function) { bytes, size, count, pointer in
            CurlTransfer.from(pointer)?.fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        try handle.set(keyturn_curl_set_seek_function) { pointer, offset, origin in
            let isRewound = origin == 0 && CurlTransfer.from(pointer)?.rewind(to: Int(offset)) == true
            return isRewound ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
        }
        try handle.set(keyturn_curl_set_request_function) { pointer, _, _, _, _ in
            CurlTransfer.from(pointer)?.beginRequest() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }
}
