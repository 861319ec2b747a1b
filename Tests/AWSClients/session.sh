# AWS's command line through every operation, as a person would type it. Run by scripts/aws-clients, which compares what is
# written with Golden/session.txt.

# run ARGUMENTS...: one command, its answer and its exit status.
run() {
    local status=0
    printf '$ aws secretsmanager'
    printf ' %q' "$@"
    printf '\n'
    aws secretsmanager "$@" 2>&1 || status=$?
    ((status == 0)) || printf '(exit status %d)\n' "$status"
}
# field ARGUMENTS...: one value of an answer, for the commands that follow.
field() { aws secretsmanager "$@" --output text; }

say() { printf '\n# %s\n' "$*"; }

say 'A secret is made, read and described'
run create-secret --name MyTestDatabaseSecret --description 'for the test' \
    --secret-string '{"username":"app","password":"example"}' --tags Key=team,Value=orders
run get-secret-value --secret-id MyTestDatabaseSecret
run describe-secret --secret-id MyTestDatabaseSecret
arn=$(field describe-secret --secret-id MyTestDatabaseSecret --query ARN)
run get-secret-value --secret-id "$arn" --query SecretString
run get-secret-value --secret-id "${arn%-*}" --query SecretString

say 'A secret without a value, as Terraform makes one, and its first version'
run create-secret --name later
run describe-secret --secret-id later
run get-resource-policy --secret-id later
run get-secret-value --secret-id later
run put-secret-value --secret-id later --secret-string one
run describe-secret --secret-id later
run list-secret-version-ids --secret-id later

say 'A new version comes with AWSPENDING, and becomes AWSCURRENT'
printf '\000\001\377' >value
first=$(field get-secret-value --secret-id MyTestDatabaseSecret --query VersionId)
run put-secret-value --secret-id MyTestDatabaseSecret --secret-binary fileb://value \
    --version-stages AWSPENDING --client-request-token 5f0fd8f1-0000-4000-8000-000000000002
run get-secret-value --secret-id MyTestDatabaseSecret --version-stage AWSPENDING
run update-secret-version-stage --secret-id MyTestDatabaseSecret --version-stage AWSCURRENT \
    --move-to-version-id 5f0fd8f1-0000-4000-8000-000000000002
run update-secret-version-stage --secret-id MyTestDatabaseSecret --version-stage AWSCURRENT \
    --move-to-version-id 5f0fd8f1-0000-4000-8000-000000000002 --remove-from-version-id "$first"
run describe-secret --secret-id MyTestDatabaseSecret --query VersionIdsToStages
run update-secret --secret-id MyTestDatabaseSecret --description 'by hand' --secret-string three
run list-secret-version-ids --secret-id MyTestDatabaseSecret
run list-secret-version-ids --secret-id MyTestDatabaseSecret --include-deprecated
run get-secret-value --secret-id MyTestDatabaseSecret --version-stage AWSPREVIOUS
run get-secret-value --secret-id MyTestDatabaseSecret --version-id "$first" --version-stage AWSCURRENT
run update-secret --secret-id MyTestDatabaseSecret --kms-key-id alias/mine

say 'Lists, pages and filters'
run list-secrets
run list-secrets --filters Key=name,Values=My --sort-order desc
run list-secrets --max-items 1 --page-size 1 --query 'SecretList[].Name'
run batch-get-secret-value --secret-id-list MyTestDatabaseSecret later none
run batch-get-secret-value --filters Key=tag-key,Values=team

say 'Tags'
run tag-resource --secret-id later --tags Key=a,Value=1 Key=b,Value=
run describe-secret --secret-id later --query Tags
run untag-resource --secret-id later --tag-keys a b
run describe-secret --secret-id later --query Tags

say 'Policies'
policy='{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}'
run validate-resource-policy --secret-id later --resource-policy "$policy"
run put-resource-policy --secret-id later --resource-policy "$policy" --block-public-policy
run get-resource-policy --secret-id later
run get-secret-value --secret-id later
run delete-resource-policy --secret-id later
run put-resource-policy --secret-id later --resource-policy '{"Statement":[]'
run put-resource-policy --secret-id later --block-public-policy --resource-policy \
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}'

say 'Passwords'
run get-random-password
run get-random-password --password-length 20 --exclude-punctuation --require-each-included-type
run get-random-password --password-length 2

say 'Rotation of a secret that has none, and replication where there is one region'
run rotate-secret --secret-id later
run cancel-rotate-secret --secret-id later
run replicate-secret-to-regions --secret-id later --add-replica-regions Region=eu-west-1
run remove-regions-from-replication --secret-id later --remove-replica-regions eu-west-1
run stop-replication-to-replica --secret-id later

say 'Rotation by the name of one of the functions of AWS, to begin with the next window'
function=arn:aws:lambda:eu-west-1:123456789012:function:SecretsManagerRDSPostgreSQLRotationSingleUser
run create-secret --name rotated --secret-string \
    '{"engine":"postgres","host":"127.0.0.1","port":1,"username":"app","password":"example"}'
run rotate-secret --secret-id rotated --rotation-lambda-arn "$function" --no-rotate-immediately \
    --rotation-rules AutomaticallyAfterDays=30,Duration=2h --client-request-token 5f0fd8f1-0000-4000-8000-000000000003
run describe-secret --secret-id rotated
run rotate-secret --secret-id rotated --rotation-rules AutomaticallyAfterDays=30,ScheduleExpression='rate(30 days)'
run rotate-secret --secret-id rotated --rotation-lambda-arn "${function%:*}:none"
run list-secrets --filters Key=name,Values=rotated
run cancel-rotate-secret --secret-id rotated
run describe-secret --secret-id rotated

say 'Deletion, restoration, and a name that is used again'
run delete-secret --secret-id later --recovery-window-in-days 7
run get-secret-value --secret-id later
run describe-secret --secret-id later
run create-secret --name later --secret-string two
run list-secrets --include-planned-deletion --query 'SecretList[].[Name,DeletedDate!=`null`]' --output text
run restore-secret --secret-id later
run delete-secret --secret-id later --force-delete-without-recovery
run delete-secret --secret-id later --force-delete-without-recovery
run create-secret --name later --secret-string again
run get-secret-value --secret-id none
run delete-secret --secret-id none
