namespace Tallystick.Core.Relays;

/// <summary>Why a relay declines or closes, by name.</summary>
public static class RelayReasons
{
    /// <summary>Nobody with that fingerprint is registered.</summary>
    public const string NotThere = "not-there";

    /// <summary>A limit of the relay is reached; later it may be otherwise.</summary>
    public const string TooMany = "too-many";

    /// <summary>The same key has registered again, on another connection.</summary>
    public const string Replaced = "replaced";

    /// <summary>Nothing was heard for too long.</summary>
    public const string Silent = "silent";

    /// <summary>The relay stops.</summary>
    public const string Leaving = "leaving";

    /// <summary>The key was not proven.</summary>
    public const string BadSignature = "bad-signature";

    /// <summary>What came is no message, or not one that belongs there.</summary>
    public const string BadEncoding = "bad-encoding";
}
