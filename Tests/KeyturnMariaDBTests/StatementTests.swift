import Testing

@testable import KeyturnMariaDB

@Suite("What the servers print") struct StatementTests {
    @Test("a quoted name is one word, whatever it holds")
    func tokens() {
        #expect(
            SQLTokens.of("GRANT SELECT (`a b`, `c``TO`) ON `x TO y`.`t` TO `u`@`%`") == [
                "GRANT", "SELECT", "(", "`a b`", ",", "`c``TO`", ")", "ON", "`x TO y`.`t`", "TO", "`u`@`%`",
            ])
        #expect(SQLTokens.of(#"COMMENT 'it\'s ''ON'' x'"#) == ["COMMENT", #"'it\'s ''ON'' x'"#])
    }

    @Test("SHOW GRANTS is read one privilege at a time, without the grantee and without hashes")
    func grants() {
        let items = GrantItems.of([
            "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*ABC' WITH MAX_USER_CONNECTIONS 3",
            "GRANT SELECT, INSERT ON `x TO y`.* TO `u`@`%` WITH GRANT OPTION",
            "GRANT SELECT (`a`, `b`), UPDATE ON `d`.`t` TO `u`@`%`", "GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`",
            "GRANT `r1`@`%`,`r2`@`%` TO `u`@`%` WITH ADMIN OPTION", "REVOKE SELECT ON `mysql`.* FROM `u`@`%`",
            "SET DEFAULT ROLE `r1` FOR `u`@`%`", "GRANT PROXY ON ``@`%` TO `u`@`%` WITH GRANT OPTION",
        ])
        #expect(
            items == [
                "SELECT ON `x TO y`.*": "YES", "INSERT ON `x TO y`.*": "YES", "GRANT OPTION ON `x TO y`.*": "YES",
                "SELECT (`a`) ON `d`.`t`": "YES", "SELECT (`b`) ON `d`.`t`": "YES", "UPDATE ON `d`.`t`": "YES",
                "EXECUTE ON PROCEDURE `d`.`p`": "YES", "ROLE `r1`@`%`": "WITH ADMIN OPTION",
                "ROLE `r2`@`%`": "WITH ADMIN OPTION", "WITHOUT SELECT ON `mysql`.*": "YES", "DEFAULT ROLE": "`r1`",
                "PROXY ON ``@`%`": "YES", "GRANT OPTION ON ``@`%`": "YES",
            ])
        for key in items.keys { #expect(GrantItems.kind(of: key) != nil, "\(key)") }
        #expect(GrantItems.kind(of: "SELECT (`a`) ON `d`.`t`") == .privilege("SELECT (`a`)", on: "`d`.`t`"))
        #expect(GrantItems.kind(of: "REQUIRE") == nil && GrantItems.kind(of: "PASSWORD HISTORY") == nil)
    }

    @Test("SHOW CREATE USER of MySQL is read, defaults left out")
    func mySQLClauses() {
        let plain = AccountClauses(
            "CREATE USER `u`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x2441 REQUIRE NONE PASSWORD EXPIRE DEFAULT "
                + "ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT"
        )
        #expect(plain.plugins == ["caching_sha2_password"] && plain.kept == ["0x2441"])
        #expect(plain.items.isEmpty && !plain.isLocked && !plain.isExpired)
        let full = AccountClauses(
            "CREATE USER `u`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x2441 DEFAULT ROLE `r2`@`%`,`r1`@`%` "
                + "REQUIRE SUBJECT 'AND x' AND ISSUER 'REQUIRE' WITH MAX_QUERIES_PER_HOUR 5 MAX_USER_CONNECTIONS 7 "
                + "PASSWORD EXPIRE INTERVAL 90 DAY ACCOUNT LOCK PASSWORD HISTORY 3 PASSWORD REUSE INTERVAL 10 DAY "
                + "PASSWORD REQUIRE CURRENT FAILED_LOGIN_ATTEMPTS 4 PASSWORD_LOCK_TIME UNBOUNDED ATTRIBUTE '{\"a\": \"ACCOUNT\"}'"
        )
        #expect(full.isLocked)
        #expect(
            full.items == [
                "DEFAULT ROLE": "`r1`@`%`, `r2`@`%`", "REQUIRE": "SUBJECT 'AND x' AND ISSUER 'REQUIRE'",
                "MAX_QUERIES_PER_HOUR": "5", "MAX_USER_CONNECTIONS": "7", "PASSWORD EXPIRE": "INTERVAL 90 DAY",
                "PASSWORD HISTORY": "3", "PASSWORD REUSE INTERVAL": "10 DAY", "PASSWORD REQUIRE CURRENT": "",
                "FAILED_LOGIN_ATTEMPTS": "4", "PASSWORD_LOCK_TIME": "UNBOUNDED",
            ])
        #expect(
            AccountClauses("CREATE USER `u`@`%` IDENTIFIED WITH 'x' AS 0x1 PASSWORD EXPIRE ACCOUNT UNLOCK").isExpired)
        let two = AccountClauses("CREATE USER `u`@`%` IDENTIFIED WITH 'a' AS 0x1 AND IDENTIFIED WITH 'b' AS 0x2")
        #expect(two.needsAllFactors && two.plugins == ["a", "b"])
    }

    @Test("SHOW CREATE USER of MariaDB is read, alternatives and all")
    func mariaDBClauses() {
        let native = AccountClauses("CREATE USER `u`@`%` IDENTIFIED BY PASSWORD '*AB' WITH MAX_USER_CONNECTIONS 20")
        #expect(native.plugins == ["mysql_native_password"] && native.kept == ["'*AB'"])
        #expect(native.items == ["MAX_USER_CONNECTIONS": "20"])
        let several = AccountClauses(
            "CREATE USER `u`@`%` IDENTIFIED VIA ed25519 USING 'abc' OR unix_socket OR mysql_native_password USING '*A' "
                + "REQUIRE SSL ACCOUNT LOCK PASSWORD EXPIRE NEVER")
        #expect(several.plugins == ["ed25519", "unix_socket", "mysql_native_password"])
        #expect(several.kept == ["'abc'", "", "'*A'"])
        #expect(several.isLocked && several.items == ["REQUIRE": "SSL", "PASSWORD EXPIRE": "NEVER"])
    }

    @Test("the difference of two accounts is made up for in an order that leaves neither without its rights")
    func changes() {
        let writer = PairStatements(isMariaDB: false, version: 90_704)
        let statements = writer.changes(
            of: "'c'@'%'",
            from: ["SELECT ON `a`.*": "YES", "INSERT ON `a`.*": "YES", "ROLE `r`@`%`": "WITH ADMIN OPTION"],
            to: [
                "SELECT ON `a`.*": "YES", "SELECT ON *.*": "YES", "WITHOUT SELECT ON `mysql`.*": "YES",
                "ROLE `r`@`%`": "YES", "GRANT OPTION ON `b`.*": "YES", "MAX_USER_CONNECTIONS": "3",
            ])
        #expect(
            statements == [
                "ALTER USER 'c'@'%' WITH MAX_USER_CONNECTIONS 3", "GRANT SELECT ON *.* TO 'c'@'%'",
                "GRANT USAGE ON `b`.* TO 'c'@'%' WITH GRANT OPTION", "REVOKE SELECT ON `mysql`.* FROM 'c'@'%'",
                "REVOKE INSERT ON `a`.* FROM 'c'@'%'", "REVOKE `r`@`%` FROM 'c'@'%'", "GRANT `r`@`%` TO 'c'@'%'",
            ])
        #expect(writer.changes(of: "x", from: ["SELECT ON `a`.*": "YES"], to: ["SELECT ON `a`.*": "YES"]).isEmpty)
        #expect(
            writer.changes(of: "x", from: ["REQUIRE": "SSL"], to: [:]) == ["ALTER USER x REQUIRE NONE"])
        let rest = AllPrivileges.of("`a`.*", isMariaDB: false, version: 90_704).filter { $0 != "SELECT" }
        #expect(
            writer.changes(
                of: "x", from: ["ALL PRIVILEGES ON `a`.*": "YES"], to: ["SELECT ON `a`.*": "YES"])
                == ["GRANT SELECT ON `a`.* TO x", "REVOKE \(rest.joined(separator: ", ")) ON `a`.* FROM x"],
            "what stays is never taken")
    }

    @Test("a hash is read as it was kept, however it is printed")
    func printedHashes() {
        #expect(AccountRow.bytes(printed: "0x24414230") == Array("$AB0".utf8))
        #expect(AccountRow.bytes(printed: "'*AB12'") == Array("*AB12".utf8))
        #expect(AccountRow.bytes(printed: #"'$A$005$a\'b\\c''d'"#) == Array(#"$A$005$a'b\c'd"#.utf8))
    }

    @Test("literals survive what breaks careless quoting")
    func literals() {
        #expect(MariaDBQuoting.literal(#"a'b\c"#) == #"'a\'b\\c'"#)
        #expect(MariaDBQuoting.literal("a\n\0") == #"'a\n\0'"#)
    }
}
