namespace Tallystick.Node.Web.Access;

/// <summary>The page that asks for the code.</summary>
/// <param name="Problem">Why the last try was refused, or null.</param>
public sealed record SignInModel(string? Problem);
