import CCurl
import KeyturnCore

/// The library itself: initialised once in a process, and of a version that has what is used here.
enum CurlLibrary {
    /// 7.87.0: CURLOPT_QUICK_EXIT, without which giving up a name's look-up waits for its thread.
    private static let oldestVersion: UInt32 = 0x07_57_00

    /// A `static let` runs once, and every thread that comes meanwhile waits for it.
    private static let initialisation = keyturn_curl_global_init()

    /// - Throws: `InvalidInput` naming `libcurl`.
    static func prepare() throws(InvalidInput) {
        guard initialisation == CURLE_OK, let info = keyturn_curl_version()?.pointee else {
            throw InvalidInput(
                field: "libcurl", problem: "can't be initialised", remedy: "see whether the machine is out of memory")
        }
        let wanted = keyturn_curl_feature_tls | keyturn_curl_feature_asynchronous_dns
        let has = Int(info.features)
        guard info.version_num >= oldestVersion, has & wanted == wanted else {
            throw InvalidInput(
                field: "libcurl", problem: "is older than 7.87, or made without TLS or asynchronous look-ups",
                remedy: "install the system's libcurl4 of Debian 12 or later")
        }
    }
}
