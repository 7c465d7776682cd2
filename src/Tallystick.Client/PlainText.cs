using System.Globalization;
using System.Text;

namespace Tallystick.Client;

/// <summary>Writes the JSON that must not wait for the serializer: see <see cref="PlainJson"/>.</summary>
internal static class PlainText
{
    public static byte[] Of(PayRequest request) => Encoding.UTF8.GetBytes(
        "{\"amount\":" + Quoted(request.Amount)
        + ",\"peer\":" + Quoted(request.Peer)
        + ",\"asset\":" + Quoted(request.Asset)
        + ",\"memo\":" + Quoted(request.Memo)
        + ",\"requestId\":" + Quoted(request.RequestId)
        + ",\"waitMs\":" + request.WaitMs.ToString(CultureInfo.InvariantCulture) + "}");

    /// <summary>Text as JSON has it, or <c>null</c>.</summary>
    public static string Quoted(string? text)
    {
        if (text is null)
            return "null";
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\')
                quoted.Append('\\').Append(character);
            else if (character < ' ')
                quoted.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else
                quoted.Append(character);
        }
        return quoted.Append('"').ToString();
    }
}
