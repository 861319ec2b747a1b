import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("Messages of AWS's client for Python", .enabled(if: Botocore.isThereOrRequired))
struct BotocoreMessageTests {
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

    @Test("an error has the name and the message that were written")
    func errors() throws {
        let errors = SecretsManagerError.Code.allCases.map { SecretsManagerError($0, "a message’s text") }
        let answers = errors.map { Answer(operation: "GetSecretValue", status: $0.status, body: $0.json.text) }
        let parsed = try Botocore.run(Self.program, input: answers, as: [String].self)
        #expect(parsed == errors.map { "\($0.code.rawValue)|\($0.message)" })
    }

    @Test("a request with every member is read, and its target and type are those that a client of ours would send")
    func requests() throws {
        let samples = try SecretsManagerOperation.allCases.map { operation in
            Answer(
                operation: operation.rawValue, status: 0,
                body: try SampleJSON.text(SampleJSON.object(operation.input.shape)))
        }
        let sent = try Botocore.run(Self.serializer, input: samples, as: [[String]].self)
        for (sample, parts) in zip(samples, sent) {
            let operation = try SecretsManagerOperation(target: parts[0])
            #expect(operation.rawValue == sample.operation && parts[1] == SecretsManagerOperation.contentType)
            let request = try SecretsManagerRequest(operation, body: SecretBytes(parts[2]))
            let object = try JSONSerialization.jsonObject(with: Data(request.input.json.text.utf8))
            #expect(try SampleJSON.text(try #require(object as? [String: Any])) == sample.body)
        }
        #expect(sent.count == 23)
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

    /// Serializes each request.
    private static let serializer = """
        import base64, json, sys
        import botocore.session, botocore.serialize
        model = botocore.session.get_session().get_service_model('secretsmanager')
        serializer = botocore.serialize.create_serializer('json')
        results = []
        for sample in json.load(sys.stdin):
            parameters = json.loads(sample['body'])
            if 'SecretBinary' in parameters: parameters['SecretBinary'] = base64.b64decode(parameters['SecretBinary'])
            request = serializer.serialize_to_request(parameters, model.operation_model(sample['operation']))
            headers = request['headers']
            results.append([headers['X-Amz-Target'], headers['Content-Type'], request['body'].decode()])
        json.dump(results, sys.stdout)
        """
}
