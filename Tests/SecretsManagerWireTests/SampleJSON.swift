import Foundation
import SecretsManagerWire

/// A structure with every member that its description has, as JSON.
enum SampleJSON {
    /// The whole structure.
    static func object(_ shape: StructureShape) -> [String: Any] {
        var object: [String: Any] = [:]
        for member in shape.members { object[member.name] = value(member.shape, member.name) }
        return object
    }

    /// The same as text, members in order of their names.
    static func text(_ object: [String: Any]) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    /// A value that the member may have.
    static func value(_ shape: WireShape, _ name: String) -> Any {
        switch shape {
        case .text(let rule): text(rule, name)
        case .blob: "AAECA/8="
        case .integer(let least, _), .long(let least, _): (least ?? 6) + 1
        case .boolean: true
        case .timestamp: 1_523_477_145.713
        case .list(let element, _, _): [value(element, name)]
        case .map(let key, let element): [value(key, "VersionId") as? String ?? "": value(element, name)]
        case .structure(let shape): object(shape)
        }
    }

    private static func text(_ rule: TextRule, _ name: String) -> String {
        if let first = rule.options.first { return first }
        switch rule.pattern {
        case .duration: return "3h"
        case .filterValue: return "!prod/app one"
        case .region: return "eu-central-1"
        case .rotationToken: return "0b5e7f0c-2a1f-4a0e-9d55-3f2d6f1f7c11"
        case .scheduleExpression: return "cron(0 16 1,15 * ? *)"
        case nil: break
        }
        switch name {
        case "SecretId", "ARN", "SecretIdList":
            return "arn:aws:secretsmanager:local:000000000000:secret:prod/app-a1b2c3"
        case "Name": return "prod/app"
        case "SecretString": return "{\"password\":\"ü\\\"\\\\/\u{1}\n\u{1f511}\"}"
        case _: return String(repeating: "v", count: max(rule.least ?? 0, name.count))
        }
    }
}
