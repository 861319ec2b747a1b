import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("Answers read by AWS's client for Python", .enabled(if: Botocore.isThereOrRequired))
struct BotocoreAnswerTests {
    private struct Answer: Codable {
        let operation: String
        let status: Int
        let body: String
    }

    @Test("no member of an answer is lost, and its values are what was written")
    func answers() throws {
        let answers = try SecretsManagerOperation.allCases.map { operation in
            Answer(
                operation: operation.rawValue, status: 200,
                body: try Self.written(operation.input, SampleJSON.text(SampleJSON.object(operation.output.shape))))
        }
        let parsed = try Botocore.run(Self.program, input: answers, as: [String].self)
        for (answer, text) in zip(answers, parsed) { #expect(answer.body.isEmpty ? text == "{}" : answer.body == text) }
        #expect(parsed.count == 23)
    }

    @Test("an error has the name and the message that were written", arguments: SecretsManagerError.Code.allCases)
    func errors(code: SecretsManagerError.Code) throws {
        let error = SecretsManagerError(code, "a message’s text")
        let answer = Answer(operation: "GetSecretValue", status: error.status, body: error.json.text)
        let parsed = try Botocore.run(Self.program, input: [answer], as: [String].self)
        #expect(parsed == ["\(code.rawValue)|\(error.message)"])
    }

    private static func written<Input: SecretsManagerInput>(_: Input.Type, _ text: String) throws -> String {
        guard case .success(let output) = try SecretsManagerReply<Input.Output>(status: 200, body: SecretBytes(text))
        else {
            return "a failure"
        }
        return output.json.text
    }

    /// Parses each answer, and writes it again in the order of the body: dates as seconds, bytes as base64.
    private static let program = """
        import base64, datetime, json, sys
        import botocore.session, botocore.parsers
        model = botocore.session.get_session().get_service_model('secretsmanager')
        parser = botocore.parsers.create_parser('json')
        def plain(value):
            if isinstance(value, datetime.datetime): return round(value.timestamp(), 3)
            return base64.b64encode(value).decode()
        def ordered(value, like):
            if isinstance(like, dict): return {key: ordered(value[key], like[key]) for key in like}
            if isinstance(like, list): return [ordered(one, two) for one, two in zip(value, like, strict=True)]
            return value
        results = []
        for answer in json.load(sys.stdin):
            shape = model.operation_model(answer['operation']).output_shape
            response = {'headers': {}, 'status_code': answer['status'], 'body': answer['body'].encode()}
            parsed = parser.parse(response, shape)
            parsed.pop('ResponseMetadata')
            if 'Error' in parsed:
                results.append(parsed['Error']['Code'] + '|' + parsed['Error']['Message'])
                continue
            like = json.loads(answer['body'] or '{}')
            text = json.dumps(ordered(parsed, like), default=plain, ensure_ascii=False, separators=(',', ':'))
            results.append(text)
        json.dump(results, sys.stdout)
        """
}
