package import KeyturnCore

/// How the copy in one region is.
package struct ReplicationStatus: WireStructure {
    /// How a copy is.
    package enum State: String, Hashable, Sendable {
        /// Equal to the original.
        case inSync = "InSync"
        /// Not made.
        case failed = "Failed"
        /// Being made.
        case inProgress = "InProgress"
    }

    /// The region's name.
    package var region: String?
    /// The key that encrypts the secret; none for the default one.
    package var kmsKeyID: String?
    /// How the copy is.
    package var status: ReplicationStatus.State?
    /// Why the copy failed.
    package var statusMessage: String?
    /// The UTC day of the last read.
    package var lastAccessedDate: UTCInstant?

    /// The members of the service model.
    package static let shape = StructureShape(
        .optional("Region", .region),
        .optional("KmsKeyId", .kmsKeyID),
        .optional("Status", .status),
        .optional("StatusMessage", .statusMessage),
        .optional("LastAccessedDate", .timestamp))

    /// Takes the members.
    package init(
        region: String? = nil, kmsKeyID: String? = nil, status: ReplicationStatus.State? = nil,
        statusMessage: String? = nil, lastAccessedDate: UTCInstant? = nil
    ) {
        self.region = region
        self.kmsKeyID = kmsKeyID
        self.status = status
        self.statusMessage = statusMessage
        self.lastAccessedDate = lastAccessedDate
    }

    /// Reads the members.
    package init(_ members: WireMembers) throws(WireRefusal) {
        region = try members.text("Region")
        kmsKeyID = try members.text("KmsKeyId")
        status = try members.option("Status")
        statusMessage = try members.text("StatusMessage")
        lastAccessedDate = try members.instant("LastAccessedDate")
    }

    /// Writes the members.
    package func write(to writer: inout WireWriter) {
        writer.text("Region", region)
        writer.text("KmsKeyId", kmsKeyID)
        writer.text("Status", status?.rawValue)
        writer.text("StatusMessage", statusMessage)
        writer.instant("LastAccessedDate", lastAccessedDate)
    }
}
