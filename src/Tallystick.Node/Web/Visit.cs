namespace Tallystick.Node.Web;

/// <summary>What a page has to know of the browser that asks for it.</summary>
/// <param name="Name">What this node calls itself.</param>
/// <param name="Path">The path that was asked for, to mark the place in the menu.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>, or null for what the system says.</param>
/// <param name="FormToken">What every form of this browser carries.</param>
/// <param name="IsOwner">Whether it has signed in.</param>
public sealed record Visit(string Name, string Path, string? Theme, string FormToken, bool IsOwner)
{
    /// <summary>Where the page hears of what changes, or null when nothing on it does.</summary>
    public string? LivePath { get; init; }
}
