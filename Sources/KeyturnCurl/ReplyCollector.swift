import KeyturnCore
import KeyturnHTTP

/// Puts an answer together from the lines and pieces that libcurl hands over, within the request's limits.
struct ReplyCollector {
    private let limits: HTTPLimits
    private var headByteCount = 0
    private var bodyByteCount = 0
    /// True from a status line to the empty line: what comes later is a trailer.
    private var isInHead = false
    private var fields: [HTTPReply.Field] = []
    /// Pieces that are wiped one by one: an array that grows would leave copies behind.
    private var pieces: [SecretBytes] = []
    /// The status of the newest head.
    private(set) var status: HTTPStatus?
    /// Why no more is taken.
    private(set) var refusal: HTTPFailure.Kind?

    init(limits: HTTPLimits) { self.limits = limits }

    /// How many bytes have come in all.
    var byteCount: Int { headByteCount + bodyByteCount }

    /// Takes a line of a head, with its line break; false if it is one too many.
    mutating func takeLine(_ line: UnsafeRawBufferPointer) -> Bool {
        headByteCount += line.count
        guard headByteCount <= limits.headByteCount else { return refuse(.tooLarge(.head)) }
        let text = String(decoding: line, as: UTF8.self).trimmed
        if text.hasPrefix("HTTP/") {
            fields = []
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.flatMap(HTTPStatus.init)
            isInHead = true
            return status != nil || refuse(.malformed)
        }
        guard isInHead else { return true }
        guard !text.isEmpty else {
            isInHead = false
            return true
        }
        guard let colon = text.firstIndex(of: ":") else { return refuse(.malformed) }
        do throws(InvalidInput) {
            let name = try HTTPFieldName(String(text[..<colon]))
            fields.append(HTTPReply.Field(name, String(text[text.index(after: colon)...]).trimmed))
            return true
        } catch { return refuse(.malformed) }
    }

    /// Takes a piece of the body; false if it is one too many.
    mutating func takePiece(_ piece: UnsafeRawBufferPointer) -> Bool {
        bodyByteCount += piece.count
        guard bodyByteCount <= limits.bodyByteCount else { return refuse(.tooLarge(.body)) }
        pieces.append(SecretBytes(copying: piece))
        return true
    }

    /// The answer, if there is a whole one.
    func reply(version: HTTPReply.Version) -> HTTPReply? {
        guard let status else { return nil }
        var whole: [UInt8] = []
        whole.reserveCapacity(bodyByteCount)
        for piece in pieces { piece.withBytes { whole.append(contentsOf: $0) } }
        return HTTPReply(status: status, fields: fields, body: SecretBytes(taking: &whole), version: version)
    }

    private mutating func refuse(_ kind: HTTPFailure.Kind) -> Bool {
        refusal = kind
        return false
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: String {
        let isSpace = { (character: Character) in character.isWhitespace }
        let start = drop(while: isSpace)
        return String(start.prefix(start.count - start.reversed().prefix(while: isSpace).count))
    }
}
