/// Where an entry stands in a list: by a number first, then by a text that no other entry has.
struct ListPlace: Comparable, Sendable {
    let number: Int64
    let name: String

    init(number: Int64, text: String) {
        self.number = number
        name = text
    }

    /// Reads what `text` wrote; a token that was sealed here holds nothing else.
    init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        number = parts.first.flatMap { Int64($0) } ?? 0
        name = parts.count > 1 ? String(parts[1]) : ""
    }

    var text: String { "\(number) \(name)" }

    static func < (left: ListPlace, right: ListPlace) -> Bool {
        (left.number, left.name) < (right.number, right.name)
    }
}

/// Some entries of a list, in order, and where they end if more follow.
struct Page<Entry> {
    let entries: [Entry]
    /// The last entry's place; nil if the list ends here.
    let end: ListPlace?

    init(
        _ all: [Entry], after start: ListPlace?, size: Int, isDescending: Bool, place: (Entry) -> ListPlace
    ) {
        var sorted = all.map { (place: place($0), entry: $0) }.sorted { left, right in
            isDescending ? left.place > right.place : left.place < right.place
        }
        if let start { sorted = sorted.filter { isDescending ? $0.place < start : $0.place > start } }
        let taken = sorted.prefix(size)
        entries = taken.map(\.entry)
        end = sorted.count > taken.count ? taken.last?.place : nil
    }
}
