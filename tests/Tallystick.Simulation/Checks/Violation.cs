namespace Tallystick.Simulation.Checks;

/// <summary>Something happened that must never happen.</summary>
/// <param name="kind">What was broken, in a word: the same for every way in which it can be broken.</param>
/// <param name="text">What was seen.</param>
internal sealed class Violation(string kind, string text) : Exception($"{kind}: {text}")
{
    public string Kind => kind;
}
