import CCurl
import KeyturnCore

/// A multi handle: transfers that one thread drives, and the connections they leave behind.
///
/// All but `wake()` is for the thread that drives it.
final class CurlMulti: Sendable {
    // libcurl lets any thread call curl_multi_wakeup; CurlLoop's thread alone makes every other call, and deinit comes
    // when that thread has let go, too.
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    /// A transfer that ended by itself.
    struct Finished {
        let transfer: CurlTransfer
        let code: CURLcode
    }

    /// Nil if there is no memory or no file descriptor left.
    init?(keeping connections: Int) {
        guard let handle = curl_multi_init() else { return nil }
        self.handle = handle
        keyturn_curl_multi_set_kept_connections(handle, connections)
        // One request at a time on a connection, HTTP/2 or not: a connection that hangs takes no other request with it.
        keyturn_curl_multi_set_pipelining(handle, Int(CURLPIPE_NOTHING))
    }

    deinit { curl_multi_cleanup(handle) }

    /// Ends a `wait` that is under way, or the next one.
    func wake() { curl_multi_wakeup(handle) }

    func add(_ transfer: CurlTransfer) -> Bool {
        transfer.handle.withRaw { curl_multi_add_handle(handle, $0) == CURLM_OK }
    }

    func remove(_ transfer: CurlTransfer) {
        transfer.handle.withRaw { _ = curl_multi_remove_handle(handle, $0) }
    }

    /// Does what can be done without waiting.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(handle, &running)
    }

    /// The next transfer that has ended since; it has to be removed before this is asked again.
    func nextFinished() -> Finished? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = CurlTransfer.owner(of: easy)
            else { continue }
            return Finished(transfer: transfer, code: keyturn_curl_message_result(message))
        }
        return nil
    }

    /// Waits until something can be done, at most so long.
    func wait(atMost limit: Duration) {
        // Rounded up: waking a moment early would turn the last millisecond into a busy loop.
        let milliseconds = min(max(limit, .zero).wholeMilliseconds + 1, Int64(Int32.max))
        curl_multi_poll(handle, nil, 0, Int32(milliseconds), nil)
    }
}
