namespace Tallystick.Core.Tests.Wire;

/// <summary>How each byte of a record is changed: every bit alone, and some together.</summary>
internal static class Mutation
{
    public static IReadOnlyList<int> Flips { get; } = [1, 2, 4, 8, 16, 32, 64, 128, 3, 7, 127, 129, 255];
}
