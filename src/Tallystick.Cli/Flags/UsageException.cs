namespace Tallystick.Cli.Flags;

/// <summary>What was typed cannot be meant. The message is one sentence that helps; the program ends with 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
