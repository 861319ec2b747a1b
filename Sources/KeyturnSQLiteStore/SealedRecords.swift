import KeyturnCore
import Synchronization

/// Envelopes of values that were read, as they stand in the file: encrypted. They are good for as long as nothing is
/// committed, and each read decrypts anew.
///
/// To fetch one from the file is a way to another thread and back, which takes longer than all the rest of a read.
final class SealedRecords: Sendable {
    /// The most bytes that are kept, so that large values do not fill the memory; with more, all are read anew.
    static let mostBytes = 4_194_304

    /// A version's envelope and when the version was read last.
    struct Entry: Sendable {
        let record: [UInt8]
        let lastAccess: UTCInstant?
    }

    private struct Place: Hashable {
        let secret: SecretID
        let version: VersionID
    }

    private struct Contents {
        var stamp: ChangeStamp?
        var entries: [Place: Entry] = [:]
        var byteCount = 0
    }

    private let contents = Mutex(Contents())

    /// The entry of a version as of now, or the stamp under which one can be kept that is read from now on.
    func entry(
        of version: VersionID, _ secret: SecretID, stamp: () -> ChangeStamp?
    ) -> (entry: Entry?, stamp: ChangeStamp?) {
        // Asked under the lock, so that nobody is late with an older answer.
        contents.withLock { contents in
            let stamp = stamp()
            if stamp == nil || contents.stamp != stamp { contents = Contents(stamp: stamp) }
            return (contents.entries[Place(secret: secret, version: version)], stamp)
        }
    }

    /// Keeps an entry that was read after `stamp` was taken.
    func keep(_ entry: Entry, of version: VersionID, _ secret: SecretID, under stamp: ChangeStamp?) {
        contents.withLock { contents in
            guard stamp != nil, contents.stamp == stamp, entry.record.count <= Self.mostBytes else { return }
            if contents.byteCount + entry.record.count > Self.mostBytes { contents = Contents(stamp: stamp) }
            let old = contents.entries.updateValue(entry, forKey: Place(secret: secret, version: version))
            contents.byteCount += entry.record.count - (old?.record.count ?? 0)
        }
    }
}
