import Foundation
import Tracing

/// A span, and its form in OTLP's JSON: ids as hexadecimal digits, times as texts of nanoseconds.
struct FinishedSpan {
    var name: String
    let ids: SpanIDs
    /// Nanoseconds since 1970.
    let start: UInt64
    var end: UInt64 = 0
    var status: SpanStatus?
    var attributes = SpanAttributes()

    init(name: String, ids: SpanIDs, start: UInt64) {
        self.name = name
        self.ids = ids
        self.start = start
    }

    /// One `ExportTraceServiceRequest` without a line break in it.
    func otlpLine() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(
            Request(resourceSpans: [
                .init(
                    resource: .init(attributes: [.init(key: "service.name", value: .init(stringValue: "keyturn"))]),
                    scopeSpans: [.init(scope: .init(name: "keyturn"), spans: [Line(self)])])
            ]))
    }

    private struct Request: Encodable {
        struct Resource: Encodable { let attributes: [Attribute] }
        struct Scope: Encodable { let name: String }
        struct ScopeSpans: Encodable {
            let scope: Scope
            let spans: [Line]
        }
        struct ResourceSpans: Encodable {
            let resource: Resource
            let scopeSpans: [ScopeSpans]
        }
        let resourceSpans: [ResourceSpans]
    }

    private struct Attribute: Encodable {
        struct Value: Encodable {
            var stringValue: String?
            /// OTLP writes 64-bit integers as text.
            var intValue: String?
        }
        let key: String
        let value: Value
    }

    private struct Line: Encodable {
        struct Status: Encodable {
            let code: Int
            let message: String?
        }
        let traceId: String
        let spanId: String
        let parentSpanId: String?
        let name: String
        /// SPAN_KIND_INTERNAL.
        let kind = 1
        let startTimeUnixNano: String
        let endTimeUnixNano: String
        let attributes: [Attribute]
        let status: Status?

        init(_ span: FinishedSpan) {
            traceId = span.ids.trace
            spanId = span.ids.span
            parentSpanId = span.ids.parent
            name = span.name
            startTimeUnixNano = String(span.start)
            endTimeUnixNano = String(span.end)
            var attributes: [Attribute] = []
            span.attributes.forEach { key, value in
                // The engine sets names, ids and counts; nothing else goes out.
                switch value {
                case .string(let text): attributes.append(Attribute(key: key, value: .init(stringValue: text)))
                case .int64(let number): attributes.append(Attribute(key: key, value: .init(intValue: String(number))))
                case .int32(let number): attributes.append(Attribute(key: key, value: .init(intValue: String(number))))
                case _: break
                }
            }
            self.attributes = attributes.sorted { $0.key < $1.key }
            status = span.status.map { status in
                switch status.code {
                case .ok: Status(code: 1, message: nil)
                case .error: Status(code: 2, message: status.message)
                }
            }
        }
    }
}
