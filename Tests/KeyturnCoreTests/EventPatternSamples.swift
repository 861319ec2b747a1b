import KeyturnCore

/// A rotation's event as a sink delivers it, with members of every kind beside AWS's.
let rotationEvent = """
    {
      "version": "0", "id": "5606e281-6b24-4823-895b-9e801a3f3061", "detail-type": "AWS Service Event via CloudTrail",
      "source": "keyturn", "account": "000000000000", "time": "2026-11-24T06:45:29Z", "region": "eu-central-1",
      "resources": ["arn:one", "arn:two"],
      "detail": {
        "eventName": "RotationSucceeded", "managementEvent": true, "readOnly": false, "errorCode": null, "empty": "",
        "additionalEventData": {"GapMilliseconds": 11, "SecretId": "arn:aws:secretsmanager:local:0:secret:prod/orders"},
        "none": [], "object": {}, "ratio": 301.80, "address": "10.0.0.33", "address6": "2001:db8::1",
        "users": [
          {"name": "app", "hosts": ["a", "b"], "age": 3},
          {"name": "app_clone", "hosts": ["c"]},
          [{"name": "nested"}]
        ]
      }
    }
    """

/// Reads a JSON text that a test wrote.
func json(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

extension JSONDocument {
    /// The value as JSON, to be read again.
    var text: String {
        switch self {
        case .null: return "null"
        case .flag(let flag): return "\(flag)"
        case .number(let number): return number.description
        case .string(let text): return Self.quoted(text)
        case .array(let elements): return "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
