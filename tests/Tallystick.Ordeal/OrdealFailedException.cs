namespace Tallystick.Ordeal;

/// <summary>The program did something that it must not do; the message says what.</summary>
internal sealed class OrdealFailedException(string message) : Exception(message);
