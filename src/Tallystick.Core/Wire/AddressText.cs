using System.Collections.Immutable;
using Tallystick.Core.Invites;

namespace Tallystick.Core.Wire;

/// <summary>Addresses as somebody says them: a count of at most 8, then each a text of 1 to 262 bytes.</summary>
/// <remarks>Whether one can be dialled is asked where it is dialled.</remarks>
internal static class AddressText
{
    public static void WriteList(CanonicalWriter writer, ImmutableArray<string> addresses)
    {
        writer.Integer(addresses.Length);
        foreach (var address in addresses)
            writer.Text(address);
    }

    public static ImmutableArray<string> ReadList(ref CanonicalReader reader, int atLeast)
    {
        var count = reader.Count(itemBytes: 2);
        if (count < atLeast || count > InviteLink.MaxAddresses)
        {
            reader.Fail($"it has {count} addresses");
            return [];
        }
        var addresses = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++)
            addresses.Add(reader.Text(1, InviteLink.MaxAddressBytes));
        return addresses.MoveToImmutable();
    }
}
