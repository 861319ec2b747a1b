import KeyturnCore
import Testing

@Suite("Rotation") struct RotationTests {
    private let secret = SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:a-abcdef")
    private let pending: VersionID

    init() throws { pending = try version("v1") }

    @Test("each phase leads on to the step behind it, in AWS's order")
    func order() {
        #expect(RotationPhase.allCases.map(\.nextStep) == RotationStep.allCases)
        #expect(RotationStep.allCases.map(\.rawValue) == ["createSecret", "setSecret", "testSecret", "finishSecret"])
    }

    @Test("an attempt gives each milestone once and ends in the right to promote its own version")
    func wholeWay() {
        guard case .planned(let planned) = ResumableRotation(of: secret, pending: pending, at: .planned) else {
            Issue.record("not planned")
            return
        }
        let created = planned.created()
        let first = created.milestone
        let installed = created.installed()
        let second = installed.milestone
        let verified = installed.verified()
        let third = verified.milestone
        let promotion = verified.finished()
        #expect([first, second, third].map(\.phase) == [.created, .installed, .verified])
        #expect([first, second, third].allSatisfy { $0.secret == secret && $0.pending == pending })
        #expect(promotion.secret == secret && promotion.pending == pending)
    }

    @Test("an attempt is taken up in the phase that was confirmed", arguments: RotationPhase.allCases)
    func resumes(phase: RotationPhase) {
        let found: (phase: RotationPhase, secret: SecretID, pending: VersionID) =
            switch ResumableRotation(of: secret, pending: pending, at: phase) {
            case .planned(let rotation): (.planned, rotation.secret, rotation.pending)
            case .created(let rotation): (rotation.milestone.phase, rotation.secret, rotation.pending)
            case .installed(let rotation): (rotation.milestone.phase, rotation.secret, rotation.pending)
            case .verified(let rotation): (rotation.milestone.phase, rotation.secret, rotation.pending)
            }
        #expect(found.phase == phase && found.secret == secret && found.pending == pending)
    }

    @Test("a refused version is installed again, and an old proof is made again")
    func goesBack() {
        guard case .installed(let installed) = ResumableRotation(of: secret, pending: pending, at: .installed),
            case .verified(let verified) = ResumableRotation(of: secret, pending: pending, at: .verified)
        else {
            Issue.record("another phase")
            return
        }
        let refused = installed.refused().milestone
        let unproven = verified.toBeProvenAgain().milestone
        #expect(refused.phase == .created && refused.secret == secret && refused.pending == pending)
        #expect(unproven.phase == .installed && unproven.secret == secret && unproven.pending == pending)
    }

    @Test("later leases have greater epochs")
    func epochs() {
        #expect(FencingEpoch(1) < FencingEpoch(2) && !(FencingEpoch(2) < FencingEpoch(2)))
        #expect(FencingEpoch(10).description == "10")
    }
}
