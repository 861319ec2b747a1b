/// The request of GetRandomPassword, which draws a password (AWS, "GetRandomPassword", API reference).
package struct GetRandomPasswordInput: SecretsManagerInput {
    /// What the operation answers.
    package typealias Output = GetRandomPasswordOutput

    /// The operation.
    package static let operation = SecretsManagerOperation.getRandomPassword

    /// How many characters; 32 if absent.
    package var passwordLength: Int?
    /// Characters that must not be in the password.
    package var excludeCharacters: String?
    /// Whether digits are left out.
    package var excludeNumbers: Bool?
    /// Whether punctuation is left out.
    package var excludePunctuation: Bool?
    /// Whether upper-case letters are left out.
    package var excludeUppercase: Bool?
    /// Whether lower-case letters are left out.
    package var excludeLowercase: Bool?
    /// Whether the blank is a character to draw from.
    package var includeSpace: Bool?
    /// Whether one of each class has to be there; true if absent.
    package var requireEachIncludedType: Bool?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("PasswordLength", .passwordLength),
        .optional("ExcludeCharacters", .excludeCharacters),
        .optional("ExcludeNumbers", .boolean),
        .optional("ExcludePunctuation", .boolean),
        .optional("ExcludeUppercase", .boolean),
        .optional("ExcludeLowercase", .boolean),
        .optional("IncludeSpace", .boolean),
        .optional("RequireEachIncludedType", .boolean))

    /// Takes the members.
    package init(
        passwordLength: Int? = nil, excludeCharacters: String? = nil, excludeNumbers: Bool? = nil,
        excludePunctuation: Bool? = nil, excludeUppercase: Bool? = nil, excludeLowercase: Bool? = nil,
        includeSpace: Bool? = nil, requireEachIncludedType: Bool? = nil
    ) {
        self.passwordLength = passwordLength
        self.excludeCharacters = excludeCharacters
        self.excludeNumbers = excludeNumbers
        self.excludePunctuation = excludePunctuation
        self.excludeUppercase = excludeUppercase
        self.excludeLowercase = excludeLowercase
        self.includeSpace = includeSpace
        self.requireEachIncludedType = requireEachIncludedType
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        passwordLength = try members.integer("PasswordLength")
        excludeCharacters = try members.text("ExcludeCharacters")
        excludeNumbers = try members.flag("ExcludeNumbers")
        excludePunctuation = try members.flag("ExcludePunctuation")
        excludeUppercase = try members.flag("ExcludeUppercase")
        excludeLowercase = try members.flag("ExcludeLowercase")
        includeSpace = try members.flag("IncludeSpace")
        requireEachIncludedType = try members.flag("RequireEachIncludedType")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.integer("PasswordLength", passwordLength)
        writer.text("ExcludeCharacters", excludeCharacters)
        writer.flag("ExcludeNumbers", excludeNumbers)
        writer.flag("ExcludePunctuation", excludePunctuation)
        writer.flag("ExcludeUppercase", excludeUppercase)
        writer.flag("ExcludeLowercase", excludeLowercase)
        writer.flag("IncludeSpace", includeSpace)
        writer.flag("RequireEachIncludedType", requireEachIncludedType)
    }
}
