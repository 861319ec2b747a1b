/// A request as the fixture server read it.
package struct HTTPServerRequest: Sendable {
    /// Such as `GET /a?b=c HTTP/1.1`.
    package let line: String
    /// The header fields in their order.
    package let fields: [(name: String, value: String)]
    /// The body.
    package let body: [UInt8]

    /// The first field of this name, in whatever case.
    package subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The first line's words: method, target, version.
    package var words: [String] { line.split(separator: " ").map(String.init) }

    /// Reads requests from one connection.
    struct Reader {
        private let connection: Descriptor
        private var buffer: [UInt8] = []

        /// More than this is not read as one head.
        private static let largestHead = 1 << 20

        init(_ connection: Descriptor) { self.connection = connection }

        /// The next request; nil when the client is gone.
        mutating func next() -> HTTPServerRequest? {
            let end = Array("\r\n\r\n".utf8)
            while buffer.firstRange(of: end) == nil {
                guard buffer.count < Self.largestHead, let more = connection.readSome() else { return nil }
                buffer += more
            }
            guard let range = buffer.firstRange(of: end) else { return nil }
            let lines = String(decoding: buffer[..<range.lowerBound], as: UTF8.self).components("\r\n")
            let fields = lines.dropFirst().map { line in
                let colon = line.firstIndex(of: ":") ?? line.endIndex
                return (name: String(line[..<colon]), value: String(line[colon...].dropFirst().drop { $0 == " " }))
            }
            buffer.removeSubrange(..<range.upperBound)
            let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
            while buffer.count < length {
                guard let more = connection.readSome() else { return nil }
                buffer += more
            }
            let body = Array(buffer.prefix(length))
            buffer.removeFirst(length)
            return HTTPServerRequest(line: lines.first ?? "", fields: fields, body: body)
        }
    }
}

extension String {
    /// The parts between the separators.
    fileprivate func components(_ separator: String) -> [String] {
        var rest = self[...]
        var parts: [String] = []
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
