import Foundation
import KeyturnCore

/// A JSON value of a command's output.
enum JSONValue: Encodable {
    case string(String)
    case number(Int)
    case fraction(Double)
    case flag(Bool)
    case array([JSONValue])
    case object([String: JSONValue])
    case null

    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// ISO 8601 with milliseconds.
    static func time(_ instant: UTCInstant?) -> JSONValue { instant.map { .string($0.description) } ?? .null }

    static func milliseconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number(Int($0.wholeMilliseconds)) } ?? .null
    }

    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .fraction(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .array(let values): try container.encode(values)
        case .object(let members): try container.encode(members.filter { !$0.value.isNull })
        case .null: try container.encodeNil()
        }
    }

    /// Members without a value are left out, as AWS leaves them out.
    private var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// The value as text, with its keys in order.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        // Every case above can be encoded; a number that can't (no fraction here is infinite) would be a mistake.
        guard let data = try? encoder.encode(self) else { preconditionFailure("a value that JSON has no form for") }
        return String(decoding: data, as: UTF8.self)
    }
}
