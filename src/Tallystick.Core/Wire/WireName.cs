namespace Tallystick.Core.Wire;

/// <summary>A name from a catalogue, such as a rejection's: a text of 1 to 64 of <c>[a-z0-9-]</c>.</summary>
/// <remarks>A name that this software does not know is kept: it may come from a newer one.</remarks>
internal static class WireName
{
    private const int MaxBytes = 64;

    /// <summary>Reads a name.</summary>
    public static string Read(ref CanonicalReader reader)
    {
        var name = reader.Text(1, MaxBytes);
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                reader.Fail("a name holds other characters than a to z, 0 to 9 and -");
        }
        return name;
    }
}
