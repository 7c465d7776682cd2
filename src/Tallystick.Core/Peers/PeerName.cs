using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;

namespace Tallystick.Core.Peers;

/// <summary>Which names a peer can have on this node.</summary>
public static class PeerName
{
    /// <summary>Whether people can type and tell apart such a name; else one sentence why not.</summary>
    /// <remarks>Words of the command grammar are not its matter.</remarks>
    public static bool IsUsable(string name, [NotNullWhen(false)] out string? why)
    {
        var bytes = Encoding.UTF8.GetByteCount(name);
        why = bytes switch
        {
            0 => "A name has at least one character.",
            > GreetingCodec.MaxNameBytes => $"A name has at most {GreetingCodec.MaxNameBytes} bytes.",
            _ when name.AsSpan().ContainsAny("@/:") => "A name cannot hold @, / or :.",
            _ when name.EnumerateRunes().Any(Rune.IsWhiteSpace) => "A name cannot hold blanks.",
            _ when DisplayText.Of(name, bytes) != name => "A name cannot hold invisible or control characters.",
            _ => null,
        };
        return why is null;
    }
}
