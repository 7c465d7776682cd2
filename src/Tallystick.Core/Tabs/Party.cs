namespace Tallystick.Core.Tabs;

/// <summary>One of the two parties of a tab: the index of its key, the smaller key first.</summary>
public enum Party : byte
{
    /// <summary>The party with the smaller key.</summary>
    Zero = 0,

    /// <summary>The party with the larger key.</summary>
    One = 1,
}

/// <summary>What a party can be asked.</summary>
public static class PartyExtensions
{
    /// <summary>The other party of the tab.</summary>
    public static Party Other(this Party party) => party == Party.Zero ? Party.One : Party.Zero;
}
