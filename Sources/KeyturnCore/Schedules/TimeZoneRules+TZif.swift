extension TimeZoneRules {
    /// Reads a TZif file of version 2 or later (RFC 9636), the form of /usr/share/zoneinfo, with its TZ string.
    ///
    /// Files with leap seconds (`right/`) are refused: UTCInstant counts days of 86,400 seconds.
    /// - Throws: `TimeZoneError` with the byte at which the file is wrong.
    public init(tzif bytes: [UInt8]) throws(TimeZoneError) {
        guard bytes.count <= TZifReader.longest else {
            throw TimeZoneError("a file of \(bytes.count) bytes is no TZif file")
        }
        var reader = TZifReader(bytes)
        let old = try reader.header()
        try reader.skip(old.byteCount(timeSize: 4))
        let header = try reader.header()
        let body = try reader.body(header)
        let text = try reader.footer()
        try self.init(
            initialOffset: body.initialOffset, transitions: body.transitions,
            tzString: text.isEmpty ? nil : String(decoding: text, as: UTF8.self))
    }
}

/// The bytes of a TZif file, read front to back.
private struct TZifReader {
    /// The counts of a header (RFC 9636, section 3.1).
    struct Header {
        let isUTCount, isStandardCount, leapCount, timeCount, typeCount, characterCount: Int

        func byteCount(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + isStandardCount
                + isUTCount
        }
    }

    /// No zone has as much as a tenth of it.
    static let longest = 65_536

    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func header() throws(TimeZoneError) -> Header {
        let start = offset
        guard try take(4).elementsEqual("TZif".utf8) else {
            throw TimeZoneError("this is no TZif file", position: start)
        }
        guard let version = try take(16).first, version >= UInt8(ascii: "2") else {
            throw TimeZoneError("TZif version 1 has no 64-bit times; version 2 or later is needed", position: start + 4)
        }
        return Header(
            isUTCount: try count(), isStandardCount: try count(), leapCount: try count(), timeCount: try count(),
            typeCount: try count(), characterCount: try count())
    }

    mutating func body(_ header: Header) throws(TimeZoneError) -> (
        initialOffset: Int, transitions: [TimeZoneRules.Transition]
    ) {
        let start = offset
        guard header.leapCount == 0 else {
            throw TimeZoneError("the file counts leap seconds; use the zone outside of right/", position: start)
        }
        guard header.typeCount > 0, [0, header.typeCount].contains(header.isUTCount),
            [0, header.typeCount].contains(header.isStandardCount)
        else { throw TimeZoneError("the counts of the header do not fit", position: start - 24) }
        var times: [Int64] = []
        for _ in 0..<header.timeCount { times.append(Int64(bitPattern: try number(bytes: 8))) }
        let kinds = try take(header.timeCount)
        let typesStart = offset
        var offsets: [Int] = []
        for _ in 0..<header.typeCount {
            offsets.append(Int(Int32(truncatingIfNeeded: try number(bytes: 4))))
            try skip(2)
        }
        try skip(header.characterCount + header.isStandardCount + header.isUTCount)
        var body = (initialOffset: offsets[0], transitions: [TimeZoneRules.Transition]())
        for (index, (time, kind)) in zip(times, kinds).enumerated() {
            guard Int(kind) < offsets.count else {
                throw TimeZoneError("a transition has no type", position: typesStart - header.timeCount + index)
            }
            guard index == 0 || times[index - 1] < time else {
                throw TimeZoneError("the transitions are not in ascending order", position: start + index * 8)
            }
            // zic marks the beginning of time with -2^59, which has no place in milliseconds.
            guard time > Self.earliest else {
                body.initialOffset = offsets[Int(kind)]
                continue
            }
            guard time < -Self.earliest else { break }
            body.transitions.append(
                TimeZoneRules.Transition(
                    at: UTCInstant(millisecondsSinceEpoch: time * 1000), offset: offsets[Int(kind)]))
        }
        return body
    }

    /// The TZ string between its two line feeds.
    mutating func footer() throws(TimeZoneError) -> ArraySlice<UInt8> {
        let start = offset
        let lineFeed = UInt8(ascii: "\n")
        guard start < bytes.count, bytes[start] == lineFeed, let end = bytes[(start + 1)...].firstIndex(of: lineFeed)
        else { throw TimeZoneError("the TZ string at the end is missing", position: start) }
        return bytes[(start + 1)..<end]
    }

    mutating func skip(_ count: Int) throws(TimeZoneError) { _ = try take(count) }

    /// Seconds since 1970; some 30,000 years.
    private static let earliest: Int64 = -1_000_000_000_000

    private mutating func take(_ count: Int) throws(TimeZoneError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw TimeZoneError("the file is cut off", position: bytes.count) }
        defer { offset += count }
        return bytes[offset..<(offset + count)]
    }

    private mutating func number(bytes count: Int) throws(TimeZoneError) -> UInt64 {
        try take(count).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A count, which is never more than the file is long.
    private mutating func count() throws(TimeZoneError) -> Int {
        let start = offset
        let value = try number(bytes: 4)
        guard value <= UInt64(Self.longest) else {
            throw TimeZoneError("the file is cut off", position: start)
        }
        return Int(value)
    }
}
