import KeyturnCore
import Testing

@Suite("The ARN of a rotation function") struct FunctionARNTests {
    @Test(
        "names the function, whatever the region, the partition and the version",
        arguments: [
            "arn:aws:lambda:local:000000000000:function:F", "arn:aws:lambda:eu-west-1:123456789012:function:F:7",
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:F:$LATEST",
        ])
    func name(text: String) throws {
        let arn = try FunctionARN(text)
        #expect(arn.name == "F" && arn.text == text)
    }

    @Test(
        "anything else is refused, with the member's name",
        arguments: [
            "", "F", "arn:aws:lambda:local:000000000000:function", "arn:aws:lambda:local:000000000000:function:",
            "arn:aws:lambda:local:00000000000:function:F", "arn:aws:lambda::000000000000:function:F",
            "arn:aws:iam:local:000000000000:function:F", "arn:aws:lambda:local:000000000000:layer:F",
            "arn:aws:lambda:local:000000000000:function:a b", "arn:aws:lambda:local:000000000000:function:F:1:2",
            "arn:aws:lambda:local:000000000000:function:F:", "arn:awsx:lambda:local:000000000000:function:F",
            "arn:aws:lambda:local:000000000000:function:" + String(repeating: "a", count: 65),
        ])
    func refused(text: String) {
        let error = #expect(throws: InvalidInput.self) { try FunctionARN(text) }
        #expect(error?.field == "RotationLambdaARN")
    }

    @Test("AWS's names for databases that are rotated here stand for a strategy and an engine; others for nothing")
    func templates() {
        #expect(RotationTemplate.names.count == 6)
        let multi = RotationTemplate(functionName: "SecretsManagerRDSMySQLRotationMultiUser")
        #expect(multi?.strategy == .alternatingUsers && multi?.family == .mySQL)
        #expect(RotationTemplate(functionName: "SecretsManagerRDSOracleRotationSingleUser") == nil)
    }
}
