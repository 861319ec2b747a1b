import Testing

/// The rules find what they are there to find: planted violations, and none in innocent code.
@Suite("The architecture's rules")
struct RuleTests {
    @Test(
        "comments and literals are no code, interpolations are",
        arguments: [
            ("a // print(", "a          "),
            ("a /* x /* y */ try! */ b", "a                      b"),
            (#"f("try! \(try! g("fatalError")) x")"#, #"f("     \(try! g("          "))  ")"#),
            (##"f(#"a"b\(x)"#) + 1"##, ##"f(#"       "#) + 1"##),
            (##"f(#"a\#(try! x)"#)"##, ##"f(#" \#(try! x)"#)"##),
            (#"f("\"") try!"#, #"f("  ") try!"#),
            ("\"\"\"\n\"quoted\" try!\n\"\"\" + b", "\"\"\"\n             \n\"\"\" + b"),
        ])
    func blanking(_ source: String, _ expected: String) {
        #expect(SourceText.blanked(source) == expected)
    }

    @Test(
        "imports are recognized in every form",
        arguments: [
            ("import GRDB", "GRDB"), ("public import Foundation", "Foundation"),
            ("@testable private import KeyturnCore // why", "KeyturnCore"),
            ("@_spi(Internal) import Crypto", "Crypto"), ("import struct Foundation.Date", "Foundation"),
            ("    import Musl", "Musl"),
        ])
    func imports(_ line: String, _ module: String) {
        #expect(SourceFile(path: "a.swift", text: line).imports.map(\.module) == [module])
    }

    @Test("words that only look like imports are none", arguments: ["let import = 1", "// import A", "\"import A\""])
    func noImports(_ line: String) {
        #expect(SourceFile(path: "a.swift", text: line).imports.isEmpty)
    }

    @Test("an import outside the table is found with its line")
    func forbiddenImport() {
        let file = SourceFile(path: "Sources/KeyturnCore/Ports/A.swift", text: "import Synchronization\nimport GRDB\n")
        #expect(
            ImportTable.current.violations(in: file)
                == ["Sources/KeyturnCore/Ports/A.swift:2: Sources/KeyturnCore may not import GRDB"])
        let stray = SourceFile(path: "Sources/New/A.swift", text: "")
        #expect(ImportTable.current.violations(in: stray).count == 1)
        let binding = SourceFile(path: "Sources/CLibPQ/A.swift", text: "")
        #expect(ImportTable.current.violations(in: binding).count == 1)
        let root = SourceFile(path: "Sources/keyturn/A.swift", text: "import Anything")
        #expect(ImportTable.current.violations(in: root).isEmpty)
    }

    @Test(
        "banned constructs are found",
        arguments: [
            "let now = Date()", "Date.now", "print(1)", "a; print(b)", "try! f()", "fatalError()",
            "{ fatalError(\"x\") }", "DispatchQueue.main.async {}", "x as! Int", "f(\"\\(try! g())\")",
        ])
    func bannedConstructs(_ line: String) {
        #expect(violations(line).count == 1, "\(line)")
    }

    @Test(
        "what resembles a banned construct is not",
        arguments: [
            "UpdateDate()", "Date.nowhere", "printer.print(1)", "func print(_ x: Int)", "blueprint(1)", "// try! f()",
            "\"fatalError\"", "notFatalErrors", "x as? Int", "DispatchQueue(label: \"main\")",
        ])
    func innocentConstructs(_ line: String) {
        #expect(violations(line).isEmpty, "\(line)")
    }

    @Test("the executable may print")
    func printing() {
        #expect(violations("print(1)", path: "Sources/keyturn/Main.swift").isEmpty)
    }

    @Test("default cases are found, arguments and unknown cases are not")
    func defaultCases() {
        let lines = [
            "    default:", "switch x { default: y }", "f(a, default: b)", "@unknown default:", "x[k, default: 0]",
        ]
        let file = SourceFile(path: "Sources/A/A.swift", text: lines.joined(separator: "\n"))
        let rule = ListedRule(construct: "default:", exceptions: [], occurs: ListedRule.defaultCase.occurs)
        #expect(rule.violations(in: [file]).count == 2)
    }

    @Test("an exception covers its file, and must be needed and explained")
    func exceptions() {
        let file = SourceFile(path: "Sources/A/A.swift", text: "final class A: @unchecked Sendable {}")
        let occurs = ListedRule.uncheckedSendable.occurs
        let covered = ListedRule(
            construct: "it", exceptions: [Exception(path: file.path, reason: "guarded by a lock")], occurs: occurs)
        #expect(covered.violations(in: [file]).isEmpty)
        #expect(covered.violations(in: []).count == 1)
        let unexplained = ListedRule(
            construct: "it", exceptions: [Exception(path: file.path, reason: "")], occurs: occurs)
        #expect(unexplained.violations(in: [file]).count == 1)
    }

    @Test("a promise needs a comment right above it")
    func promises() {
        let explained = SourceFile(path: "A.swift", text: "// The lock guards it.\nnonisolated(unsafe) var a = 1")
        #expect(FileRules.unexplainedPromises(in: explained).isEmpty)
        let text = "\nnonisolated(unsafe) var a = 1\nclass B: @unchecked Sendable {}"
        let bare = SourceFile(path: "A.swift", text: text)
        #expect(FileRules.unexplainedPromises(in: bare).count == 2)
    }

    @Test("long and emptily named files are found")
    func shapes() {
        #expect(FileRules.shape(of: SourceFile(path: "A/StringUtils.swift", text: "")).count == 1)
        #expect(FileRules.shape(of: SourceFile(path: "A/Types+More.swift", text: "")).count == 1)
        #expect(FileRules.shape(of: SourceFile(path: "A/FileSystemType.swift", text: "")).isEmpty)
        let lines = String(repeating: "\n", count: FileRules.lineLimit)
        #expect(FileRules.shape(of: SourceFile(path: "A.swift", text: lines)).isEmpty)
        #expect(FileRules.shape(of: SourceFile(path: "A.swift", text: lines + "x\n")).count == 1)
    }

    private func violations(_ line: String, path: String = "Sources/KeyturnCore/A.swift") -> [String] {
        let file = SourceFile(path: path, text: line)
        return BannedConstruct.all.flatMap { $0.violations(in: file) }
    }
}
