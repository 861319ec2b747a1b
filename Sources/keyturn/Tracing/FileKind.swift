import Foundation

/// What an open file is.
enum FileKind {
    case regular
    case other

    init(of descriptor: Int32) {
        // What /proc shows of the descriptor is what it stands for, whatever its path is by now.
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: "/proc/self/fd/\(descriptor)").resolvingSymlinksInPath().path)
        self = attributes?[.type] as? FileAttributeType == .typeRegular ? .regular : .other
    }
}
