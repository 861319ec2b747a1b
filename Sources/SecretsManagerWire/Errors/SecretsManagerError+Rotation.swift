/// Rotation.
extension SecretsManagerError {
    /// RotateSecret without a function [R].
    package static func noRotationFunction() -> Self {
        Self(.invalidRequest, "No Lambda rotation function ARN is associated with this secret.")
    }

    /// A function's ARN that is none [O; code I].
    package static func invalidRotationFunction() -> Self {
        Self(
            .invalidParameter,
            "Invalid rotation Lambda ARN. Ensure the ARN matches format "
                + "arn:aws:lambda:<region>:<account>:function:<functionName>.")
    }

    /// A function that is not there, or may not be invoked [R].
    package static func cannotInvokeFunction() -> Self {
        Self(
            .accessDenied,
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
                + "access to the principal secretsmanager.amazonaws.com.")
    }

    /// AWSPENDING is on a version that is not AWSCURRENT [O].
    package static func rotationInProgress() -> Self {
        Self(.invalidRequest, "A previous rotation isn't complete. That rotation will be reattempted.")
    }

    /// CancelRotateSecret of a secret without rotation [I].
    package static func nothingToCancel() -> Self {
        Self(
            .invalidRequest,
            "You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured and "
                + "you didn't include such an ARN as a parameter in this call.")
    }
}
