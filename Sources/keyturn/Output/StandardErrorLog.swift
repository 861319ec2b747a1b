import Foundation
import KeyturnCore
import Logging

/// One line a message on standard error, as text or as JSON.
struct StandardErrorLog: LogHandler {
    let format: LogSettings.Format
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let time = SystemClock().now
        switch format {
        case .text:
            let fields = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            Output.note("\(time) \(event.level) \(event.message)\(fields)")
        case .json:
            var members: [String: String] = all.mapValues { "\($0)" }
            members["time"] = time.description
            members["level"] = event.level.rawValue
            members["message"] = "\(event.message)"
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // A dictionary of strings can always be encoded.
            if let data = try? encoder.encode(members) { Output.note(String(decoding: data, as: UTF8.self)) }
        }
    }
}
